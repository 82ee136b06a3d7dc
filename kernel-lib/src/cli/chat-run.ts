import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { serveRedis } from "./redis-loopback.js";

/** How the chat application is run outside a lab. */
export interface ChatOptions {
  /** The folder with `server.mjs` and the page. */
  readonly folder: string;
  /** Ports of the instances; 0 for a free one. */
  readonly ports: readonly number[];
  /** Of a Redis that runs already: `redis://127.0.0.1:6379`. */
  readonly redis?: string;
  /** The lab's Redis even where a real one is installed. */
  readonly embedded?: boolean;
  /** Says what the user should know, a line at a time. */
  readonly tell: (line: string) => void;
}

export interface ChatRun {
  readonly instances: readonly { readonly name: string; readonly address: string }[];
  /** Process number of redis-server; null for another Redis. It changes when it is started again. */
  redisProcess(): number | null;
  /** Ends everything. */
  close(): Promise<void>;
}

/** Milliseconds until a redis-server that has ended is started again: long enough to see what the pages say. */
const REDIS_PAUSE = 5000;
const PROGRAM = "redis-server";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** Starts Redis and the instances of the chat, which find each other by it. Throws when one cannot start. */
export async function startChat(options: ChatOptions): Promise<ChatRun> {
  const { folder, ports, tell } = options;
  const redis = await startRedis(options);
  const servers: ChildProcess[] = [];
  const close = async () => {
    await Promise.all(servers.map(end));
    await redis.close();
  };
  try {
    const instances: { name: string; address: string }[] = [];
    for (const [i, wanted] of ports.entries()) {
      const port = wanted === 0 ? await freePort() : wanted;
      const name = `chat-${LETTERS[i]}`;
      const server = spawn(process.execPath, [join(folder, "server.mjs")], {
        env: { ...process.env, PORT: String(port), BIND: "127.0.0.1", CHAT_HOST: name, REDIS_URL: redis.url },
        stdio: ["ignore", "pipe", "pipe"],
      });
      servers.push(server);
      await listening(server, name, tell);
      instances.push({ name, address: `http://127.0.0.1:${port}/` });
    }
    return { instances, redisProcess: redis.process, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface RunningRedis {
  readonly url: string;
  readonly process: () => number | null;
  readonly close: () => Promise<void>;
}

async function startRedis({ redis, embedded = false, tell }: ChatOptions): Promise<RunningRedis> {
  if (redis !== undefined) {
    tell(`Redis: ${redis}`);
    return { url: redis, process: () => null, close: async () => {} };
  }
  const real = !embedded && spawnSync(PROGRAM, ["--version"]).status === 0;
  if (real) return await superviseRedis(tell);
  const server = await serveRedis();
  tell(
    `Redis: the lab's own on 127.0.0.1:${server.port}${embedded ? "" : ` (no ${PROGRAM} is installed here)`}`,
  );
  return { url: `redis://127.0.0.1:${server.port}`, process: () => null, close: () => server.close() };
}

/** A real redis-server without files, started again when somebody ends it. */
async function superviseRedis(tell: (line: string) => void): Promise<RunningRedis> {
  const port = await freePort();
  let closed = false;
  let again: NodeJS.Timeout | undefined;
  let server = start();
  function start(): ChildProcess {
    const child = spawn(PROGRAM, ["--bind", "127.0.0.1", "--port", String(port), "--save", ""], {
      stdio: "ignore",
    });
    child.once("exit", (code, signal) => {
      if (closed) return;
      tell(`${PROGRAM} has ended (${signal ?? `status ${code}`}); it starts again in 5 seconds`);
      again = setTimeout(() => {
        server = start();
      }, REDIS_PAUSE);
    });
    tell(`Redis: ${PROGRAM} on 127.0.0.1:${port}, process ${child.pid}`);
    return child;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    process: () => (server.exitCode === null && server.signalCode === null ? (server.pid ?? null) : null),
    close: async () => {
      closed = true;
      clearTimeout(again);
      await end(server);
    },
  };
}

/** Waits for the line with which an instance says that it listens; later lines are told with its name. */
function listening(server: ChildProcess, name: string, tell: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let errors = "";
    let open = "";
    server.stdout!.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (open + chunk).split("\n");
      open = lines.pop()!;
      for (const line of lines) {
        if (/ listens on port \d+$/.test(line)) resolve();
        else tell(`${name}: ${line}`);
      }
    });
    server.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
      errors += chunk;
    });
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`${name} has not started: ${errors.trim()}`)));
  });
}

/** Asks a process to end and waits for it. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
