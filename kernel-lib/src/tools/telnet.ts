import { formatIpv4 } from "../base/addresses.js";
import { KernelError } from "../base/errno.js";
import { seconds } from "../base/units.js";
import type { Process, Program, Steps } from "../host/process.js";
import type { TcpSocket } from "../socket/tcp/tcp-socket.js";
import { LOOKUP_FAILURES, lookup } from "./net/resolve.js";
import { connect, openSocket, receiveSome, sendAll } from "./net/stream.js";
import { getopt, optionComplaint } from "./options.js";
import { SERVICES } from "./tcpdump/services.js";
import { steppedTool, ToolExit } from "./tool-exit.js";
import { TypedLines } from "./typed-lines.js";

/** Silence after which a pipe that has given its input ends, as `(echo …; sleep 1) | telnet …` makes it. */
const PIPE_HELD_OPEN = seconds(1);
const CLOSED = "Connection closed by foreign host.\n";

/**
 * `telnet HOST [PORT]` of inetutils 2.4 without option negotiation. At a terminal it sends line by line what is typed, until the peer closes or Ctrl-D. What a
 * pipe gives has no timing here: it is sent at once, and the pipe is held open until the peer closes or has been silent for a second. An empty one ends the
 * session at once, as /dev/null does.
 */
export const telnet: Program = steppedTool(function* (process): Steps<number> {
  const { host, port } = readOperands(process);
  const { addresses, failure } = yield* lookup(process, host);
  const [address] = addresses;
  if (address === undefined)
    throw new ToolExit(
      1,
      "",
      `Server lookup failure:  ${host}:${port}, ${LOOKUP_FAILURES[failure ?? "noname"]}\n`,
    );
  const number = portNumber(host, port);
  const socket = openSocket(process);
  try {
    process.stdout.write(`Trying ${formatIpv4(address)}...\n`);
    yield* reach(process, socket, address, number);
    process.stdout.write(`Connected to ${host}.\nEscape character is '^]'.\n`);
    yield* process.tty && process.stdin === "" ? atTerminal(process, socket) : converse(process, socket);
    process.stderr.write(CLOSED);
    return 0;
  } finally {
    socket.close();
  }
});

function readOperands(process: Process): { readonly host: string; readonly port: string } {
  const found = getopt(process.argv.slice(1), "46");
  if ("error" in found)
    throw new ToolExit(
      64,
      `${optionComplaint("telnet", found)}Try 'telnet --help' or 'telnet --usage' for more information.\n`,
    );
  const [host, port = "telnet"] = found.operands;
  if (found.operands.length > 2) throw new ToolExit(1, "telnet: too many arguments\n");
  if (host === undefined) throw new ToolExit(1, "telnet: command mode is not supported here\n");
  if (found.options.some(([letter]) => letter === "6"))
    throw new ToolExit(1, "telnet: option -6 is not supported here\n");
  return { host, port };
}

function portNumber(host: string, text: string): number {
  if (/^\d+$/.test(text)) {
    const port = Number(text);
    if (port < 1 || port > 65_535) throw new ToolExit(1, "", `Port number ${text} is out of range.\n`);
    return port;
  }
  const service = SERVICES.find(({ names }) => names.includes(text))?.port ?? null;
  if (service !== null) return service;
  throw new ToolExit(
    1,
    "",
    `Server lookup failure:  ${host}:${text}, Servname not supported for ai_socktype\n`,
  );
}

function* reach(process: Process, socket: TcpSocket, address: number, port: number): Steps<void> {
  try {
    yield* connect(process, socket, address, port, null);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new ToolExit(1, `telnet: Unable to connect to remote host: ${error.message}\n`);
  }
}

/** Line ends as CR LF and a lone CR as CR NUL (RFC 854). */
function lineEnds(typed: string): Uint8Array {
  return new TextEncoder().encode(typed.replace(/\r/g, "\r\0").replace(/\n/g, "\r\n"));
}

/** Sends each line as it is typed, and shows what comes meanwhile. */
function* atTerminal(process: Process, socket: TcpSocket): Steps<void> {
  const typed = new TypedLines(process);
  const decoder = new TextDecoder();
  try {
    while (!typed.closed) {
      yield* sendAll(process, socket, lineEnds(typed.take()));
      const bytes = socket.receive(65536);
      if (bytes === null) yield { kind: "terminal", queues: [socket.wait, typed.wait], shell: typed };
      else if (bytes.length === 0) return;
      else process.stdout.write(decoder.decode(bytes, { stream: true }).replace(/\r\0?/g, ""));
    }
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  } finally {
    typed.close();
  }
}

/** Sends what a pipe gives, and shows what comes. */
function* converse(process: Process, socket: TcpSocket): Steps<void> {
  const { scheduler } = process.host.world;
  const decoder = new TextDecoder();
  try {
    yield* sendAll(process, socket, lineEnds(process.stdin));
    if (process.stdin === "") return;
    for (;;) {
      const bytes = yield* receiveSome(process, socket, scheduler.now + PIPE_HELD_OPEN);
      if (bytes.length === 0) return;
      process.stdout.write(decoder.decode(bytes, { stream: true }).replace(/\r\0?/g, ""));
    }
  } catch (error) {
    // Silence, or a connection that broke: both end the session.
    if (!(error instanceof KernelError)) throw error;
  }
}
