import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Settings } from "./case.js";
import { ipCommands, SERVICES, SYSCTLS_BEFORE, sysctls, TAPS, type TapName } from "./machine.js";
import type { Heard, Report, Side } from "./side.js";

const DRIVER = fileURLToPath(new URL("driver.py", import.meta.url));

/** The machine as namespaces of this kernel, by way of driver.py. */
export class RealSide implements Side {
  private readonly driver: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;
  private complaints = "";

  constructor() {
    this.driver = spawn("python3", [DRIVER]);
    this.driver.stderr.on("data", (data) => {
      this.complaints += String(data);
    });
    this.answers = createInterface({ input: this.driver.stdout })[Symbol.asyncIterator]();
  }

  async open(settings: Settings): Promise<void> {
    await this.ask({
      do: "open",
      taps: TAPS.map(({ name, mac }) => ({ name, mac })),
      before: SYSCTLS_BEFORE,
      batch: `${ipCommands(settings).join("\n")}\n`,
      sysctls: sysctls(settings),
      services: SERVICES,
    });
  }

  async restore(text: string): Promise<string> {
    const { status, stderr } = await this.ask<{ status: number; stderr: string }>({ do: "restore", text });
    return status === 0 ? "" : stderr;
  }

  inject(tap: TapName, frames: readonly Uint8Array[]): Promise<Heard> {
    return this.hear({ do: "inject", tap, frames: frames.map(hex) });
  }

  send(packet: Uint8Array, mark: number): Promise<Heard> {
    return this.hear({ do: "send", packet: hex(packet), mark });
  }

  answer(port: number, address: string, to: number, data: Uint8Array): Promise<Heard> {
    return this.hear({ do: "answer", port, address, to, data: hex(data) });
  }

  report(): Promise<Report> {
    return this.ask({ do: "report" });
  }

  async end(): Promise<void> {
    await this.ask({ do: "close" });
    this.driver.stdin.end();
    await new Promise((resolve) => this.driver.on("exit", resolve));
  }

  private async hear(request: object): Promise<Heard> {
    const { seen, datagrams } = await this.ask<{
      seen: [TapName, string][];
      datagrams: [number, string, number, string][];
    }>(request);
    return {
      seen: seen.map(([tap, frame]) => ({ tap, frame: bytesOf(frame) })),
      datagrams: datagrams.map(([port, address, from, data]) => ({
        port,
        address,
        from,
        data: bytesOf(data),
      })),
    };
  }

  private async ask<T>(request: object): Promise<T> {
    this.driver.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.answers.next();
    if (done === true) throw new Error(`the driver has ended: ${this.complaints}`);
    const answer = JSON.parse(value as string) as T & { error?: string };
    if (answer.error !== undefined) throw new Error(`${JSON.stringify(request)}: ${answer.error}`);
    return answer;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "hex"));
}
