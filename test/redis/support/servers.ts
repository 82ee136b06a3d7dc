import { spawn } from "node:child_process";
import { createServer, type Socket } from "node:net";
import { bytesOf } from "../../../kernel-lib/src/apps/redis/byte-text.js";
import { RequestReader } from "../../../kernel-lib/src/apps/redis/resp-read.js";
import { splitArguments } from "../../../kernel-lib/src/apps/redis/split-arguments.js";
import { hasProgram } from "../../support/requirement.js";

export interface Server {
  readonly port: number;
  close(): Promise<void>;
}

/** Whether redis-server and redis-cli are installed. */
export const REAL_REDIS = {
  met: hasProgram("redis-server") && hasProgram("redis-cli"),
  reason: "redis-server and redis-cli are not installed",
};

/** The machine's own redis-server, with no file, on a free port. */
export async function realRedis(): Promise<Server> {
  const port = await freePort();
  const child = spawn("redis-server", [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "no",
  ]);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (text) => {
      if (String(text).includes("Ready to accept connections")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`redis-server ended with ${code}`)));
  });
  return {
    port,
    close: () => {
      child.kill("SIGKILL");
      return ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server that knows the recorded answers only, in their order, and greets clients. */
export async function playback(
  lines: readonly { readonly command: string; readonly reply: string }[],
): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const reader = new RequestReader();
    let at = 0;
    socket.on("data", (bytes) => {
      reader.feed(bytes);
      for (let args = reader.next(); args !== null; args = reader.next()) {
        const line = lines[at];
        if (args[0]?.toLowerCase() === "hello" && !line?.command.startsWith("HELLO")) {
          socket.write("%1\r\n$5\r\nproto\r\n:3\r\n");
          continue;
        }
        at++;
        const known = line !== undefined && splitArguments(line.command)!.join(" ") === args.join(" ");
        socket.write(known ? bytesOf(line.reply) : `-ERR ${args.join(" ")} is not what was recorded\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
