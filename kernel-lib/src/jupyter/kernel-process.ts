import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionInfo } from "./connection.js";
import { KERNEL_NAME, kernelCommand, kernelspecFor, PACKAGE_RESOURCE_DIR } from "./kernelspec.js";

/** How much of what a dying kernel wrote is kept for the message, in characters. */
const LAST_WORDS = 4000;

/** The kernel ended while something was asked of it. */
export class KernelDied extends Error {
  override readonly name = "KernelDied";
}

/** A kernel in a process of its own, with its connection file in a temporary folder. */
export class KernelProcess {
  #lastWords = "";
  /** Why the process ended; null while it lives. */
  ended: KernelDied | null = null;
  readonly exit: Promise<KernelDied>;

  private constructor(
    readonly child: ChildProcess,
    readonly connection: ConnectionInfo,
    readonly folder: string,
  ) {
    child.stderr?.on("data", (data: Buffer) => {
      this.#lastWords = (this.#lastWords + data.toString("utf8")).slice(-LAST_WORDS);
    });
    child.stdout?.resume();
    this.exit = new Promise((resolve) => {
      const end = (how: string): void => {
        const words = this.#lastWords.trim();
        this.ended ??= new KernelDied(`the kernel died (${how})${words === "" ? "" : `:\n${words}`}`);
        rmSync(folder, { recursive: true, force: true });
        resolve(this.ended);
      };
      child.on("error", (error) => end(error.message));
      child.on("close", (status, signal) => end(signal ?? `exit status ${status}`));
    });
  }

  /** Starts the project's kernel in a folder, from which its imports are resolved. */
  static async start(cwd: string): Promise<KernelProcess> {
    const folder = await mkdtemp(join(tmpdir(), "hopbook-kernel-"));
    const connectionFile = join(folder, "connection.json");
    const connection = await newConnection();
    await writeFile(connectionFile, JSON.stringify(connection), { mode: 0o600 });
    const spec = kernelspecFor(PACKAGE_RESOURCE_DIR);
    const [program, ...args] = kernelCommand(spec, PACKAGE_RESOURCE_DIR, connectionFile);
    const env = { ...process.env, JPY_PARENT_PID: String(process.pid) };
    const child = spawn(program!, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    return new KernelProcess(child, connection, folder);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Waits for the end; kills the process when it takes longer than this. */
  async end(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.signal("SIGKILL"), graceMs);
    await this.exit;
    clearTimeout(timer);
  }
}

async function newConnection(): Promise<ConnectionInfo> {
  const [shell, iopub, stdin, control, hb] = await freePorts(5);
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    shell_port: shell!,
    iopub_port: iopub!,
    stdin_port: stdin!,
    control_port: control!,
    hb_port: hb!,
    key: randomBytes(24).toString("hex"),
    signature_scheme: "hmac-sha256",
    kernel_name: KERNEL_NAME,
  };
}

/** Ports of the loopback that nobody listens on: held together for a moment, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}
