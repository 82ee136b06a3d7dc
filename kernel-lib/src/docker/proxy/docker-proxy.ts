import { parseIpv4, tryParseIpv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import type { Endpoint } from "../../socket/tcp/state.js";
import { socketOwner } from "../../tools/net/stream.js";
import { steppedTool, ToolExit } from "../../tools/tool-exit.js";
import { goAddress, goError } from "./go-words.js";
import { listenTcp, proxyTcp } from "./tcp-proxy.js";
import { listenUdp, proxyUdp } from "./udp-proxy.js";

/** What the daemon tells it on the command line. */
interface ProxyOptions {
  readonly protocol: string;
  readonly hostIp: string;
  readonly hostPort: number;
  readonly container: Endpoint;
}

/**
 * `docker-proxy -proto P -host-ip A -host-port N -container-ip A -container-port N`: listens on the machine's port and hands everything on to the
 * container. It lasts until it is killed. When it cannot listen it says why and ends with status 1.
 *
 * IPv6 and SCTP have no traffic in a lab: a proxy for IPv6 holds its port, one for SCTP only lasts.
 */
export const dockerProxy: Program = steppedTool(function* (process) {
  const { protocol, hostIp, hostPort, container } = readOptions(process.argv.slice(1));
  try {
    if (protocol === "sctp") yield* idle(process);
    else if (tryParseIpv4(hostIp) === null) yield* holdIpv6(process, protocol, hostIp, hostPort);
    else if (protocol === "udp")
      yield* proxyUdp(process, listenUdp(process, parseIpv4(hostIp), hostPort), container);
    else yield* proxyTcp(process, listenTcp(process, parseIpv4(hostIp), hostPort), container);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    const family = tryParseIpv4(hostIp) === null ? 6 : 4;
    throw new ToolExit(
      1,
      `listen ${protocol}${family} ${goAddress(hostIp, hostPort)}: bind: ${goError(error)}\n`,
    );
  }
  return 0;
});

function readOptions(words: readonly string[]): ProxyOptions {
  const values = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const name = words[i]!.replace(/^--?/, "");
    if (name === "use-listen-fd") continue;
    if (!["proto", "host-ip", "host-port", "container-ip", "container-port"].includes(name))
      throw new ToolExit(2, `flag provided but not defined: -${name}\n`);
    values.set(name, words[++i] ?? "");
  }
  const protocol = values.get("proto") ?? "tcp";
  const containerIp = tryParseIpv4(values.get("container-ip") ?? "");
  const hostPort = Number(values.get("host-port") ?? -1);
  const containerPort = Number(values.get("container-port") ?? -1);
  const isPort = (port: number) => Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (!["tcp", "udp", "sctp"].includes(protocol)) throw new ToolExit(1, `unsupported protocol ${protocol}\n`);
  if (containerIp === null || !isPort(hostPort) || !isPort(containerPort))
    throw new ToolExit(1, "docker-proxy: -host-port, -container-ip and -container-port are needed\n");
  return {
    protocol,
    hostIp: values.get("host-ip") ?? "0.0.0.0",
    hostPort,
    container: { address: containerIp, port: containerPort },
  };
}

function* holdIpv6(process: Process, protocol: string, hostIp: string, port: number): Steps<void> {
  const socket = {
    protocol: protocol === "udp" ? ("udp" as const) : ("tcp" as const),
    address: `[${hostIp}]`,
    port,
    backlog: protocol === "udp" ? 0 : process.netns.sysctls.number("net.core.somaxconn"),
    owner: socketOwner(process, 4),
  };
  process.netns.ipv6.bind(socket);
  try {
    yield* idle(process);
  } finally {
    process.netns.ipv6.close(socket);
  }
}

function* idle(process: Process): Steps<void> {
  const never = new WaitQueue(process.host.world.scheduler);
  for (;;) yield { kind: "wait", queues: [never], deadline: null };
}
