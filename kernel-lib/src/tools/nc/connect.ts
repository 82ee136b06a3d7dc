import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import { seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { sleep } from "../../host/waits.js";
import { isMusl, LOOKUP_FAILURES, type Lookup, lookup } from "../net/resolve.js";
import { connect, openSocket, socketOwner } from "../net/stream.js";
import { serviceName } from "../tcpdump/services.js";
import { ToolExit } from "../tool-exit.js";
import type { NcOptions } from "./options.js";
import { relay } from "./relay.js";
import { tcpStream, udpStream } from "./streams.js";

/** How long a verbose UDP client waits for a refusal, in seconds (UDP_SCAN_TIMEOUT). */
const UDP_TEST = 3;

/** What is found when names are not looked up (-n). */
const NO_NAMES: Lookup = { addresses: [], canonical: "", failure: "noname" };

/** The addresses of a name; netcat's words when there are none. */
export function* addressesOf(
  process: Process,
  options: NcOptions,
  name: string,
  port: number,
): Steps<readonly Ipv4[]> {
  const literal = tryParseIpv4(name);
  if (literal !== null) return [literal];
  const { addresses, failure } = options.numeric ? NO_NAMES : yield* lookup(process, name);
  if (addresses.length > 0) return addresses;
  if (isMusl(process)) throw new ToolExit(1, `nc: bad address '${name}'\n`);
  const reason = LOOKUP_FAILURES[failure ?? "noname"];
  throw new ToolExit(1, `nc: getaddrinfo for host "${name}" port ${port}: ${reason}\n`);
}

/** The client: every port in turn. Status 0 when one of them could be reached. */
export function* runClient(process: Process, options: NcOptions): Steps<number> {
  let status = 1;
  for (const port of options.ports) {
    const addresses = yield* addressesOf(process, options, options.host, port);
    const reached = options.udp
      ? yield* useUdp(process, options, addresses[0]!, port)
      : yield* useTcp(process, options, addresses, port);
    if (reached) status = 0;
  }
  return status;
}

function place({ host }: NcOptions, address: Ipv4): string {
  const shown = formatIpv4(address);
  return host === shown ? host : `${host} (${shown})`;
}

function succeeded(process: Process, options: NcOptions, address: Ipv4, port: number): void {
  if (!options.verbose) return;
  const protocol = options.udp ? "udp" : "tcp";
  const service = (options.numeric ? null : serviceName(port, protocol)) ?? "*";
  process.stderr.write(
    `Connection to ${place(options, address)} ${port} port [${protocol}/${service}] succeeded!\n`,
  );
}

function* sourceOf(process: Process, options: NcOptions): Steps<Ipv4> {
  if (options.source === null) return 0;
  return (yield* addressesOf(process, options, options.source, options.sourcePort))[0]!;
}

function* useTcp(
  process: Process,
  options: NcOptions,
  addresses: readonly Ipv4[],
  port: number,
): Steps<boolean> {
  const { scheduler } = process.host.world;
  const source = yield* sourceOf(process, options);
  for (const address of addresses) {
    const socket = openSocket(process);
    try {
      socket.options.reuseAddress = true;
      if (options.source !== null || options.sourcePort !== 0)
        bound(() => socket.bind(source, options.sourcePort));
      const deadline = options.timeout === null ? null : scheduler.now + seconds(options.timeout);
      try {
        yield* connect(process, socket, address, port, deadline);
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        const late = deadline !== null && scheduler.now >= deadline;
        const reason = late ? "timed out: Operation now in progress" : `failed: ${error.message}`;
        if (options.verbose)
          process.stderr.write(`nc: connect to ${place(options, address)} port ${port} (tcp) ${reason}\n`);
        continue;
      }
      succeeded(process, options, address, port);
      if (!options.scan) yield* relay(process, options, tcpStream(socket), "wait");
      return true;
    } finally {
      socket.close();
    }
  }
  return false;
}

function bound(bind: () => void): void {
  try {
    bind();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new ToolExit(1, `nc: bind failed: ${error.message}\n`);
  }
}

function* useUdp(process: Process, options: NcOptions, address: Ipv4, port: number): Steps<boolean> {
  const socket = process.netns.udp.socket();
  socket.owner = "nc";
  socket.holder = socketOwner(process);
  try {
    const source = yield* sourceOf(process, options);
    if (options.source !== null || options.sourcePort !== 0)
      bound(() => socket.bind(source, options.sourcePort));
    try {
      socket.connect(address, port);
      if (options.verbose) {
        for (let i = 0; i < (options.timeout ?? UDP_TEST); i++) {
          socket.sendTo(new Uint8Array([0x58]));
          yield* sleep(process, seconds(1));
        }
        socket.sendTo(new Uint8Array([0x58]));
      }
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      return false;
    }
    succeeded(process, options, address, port);
    if (!options.scan) yield* relay(process, options, udpStream(socket), "wait");
    return true;
  } finally {
    socket.close();
  }
}
