import { formatIpv4, type InterfaceAddress, tryParseInterfaceAddress } from "../../base/addresses.js";
import type { Steps } from "../../host/process.js";
import type { Engine } from "../engine.js";
import { firewallBridge, issue } from "../firewall/engine-firewall.js";
import { bridgeCommands } from "../network/bridge-driver.js";
import type { Network } from "../network/network.js";

/** What the daemon does before it serves: modules, forwarding, bridges, rules. At a later start much of it is there already and stays. */
export function* setUp(engine: Engine): Steps<void> {
  const { networks, settings, host } = engine;
  const remembered = networks.list().filter(({ driver, predefined }) => driver === "bridge" && !predefined);
  const again = networks.tryFind("bridge") !== null;
  networks.addresses.blocks = settings.addressPools;
  const present = again ? yield* addressOf(engine, "docker0") : null;
  const bridge = networks.addPredefined(settings.bip ?? present);
  yield* engine.must(["modprobe", "-a", "bridge", "br_netfilter"]);
  const forwarded = host.rootNetns.sysctls.number("net.ipv4.ip_forward") !== 0;
  if (settings.ipForward) yield* engine.must(["sysctl", "-w", "net.ipv4.ip_forward=1"]);
  for (const network of [bridge, ...remembered]) yield* makeBridge(engine, network, again, present);
  const { firewall } = engine;
  const keepsForward = forwarded || !settings.ipForward || !settings.iptables;
  if (!again) yield* issue(engine, firewall.start(keepsForward, firewallBridge(bridge)));
  else {
    if (!keepsForward) yield* engine.must(["iptables", "--wait", "-P", "FORWARD", "DROP"]);
    yield* issue(engine, firewall.restart(firewallBridge(bridge), remembered.map(firewallBridge)));
  }
  if (!again) host.files.mkdir("/var/run/docker/netns", { recursive: true });
}

/** A bridge that is there keeps its MAC; its address and what depends on the configuration are set anew. */
function* makeBridge(
  engine: Engine,
  network: Network,
  again: boolean,
  present: InterfaceAddress | null,
): Steps<void> {
  const commands = bridgeCommands(network, engine.ids.bridgeMac(), engine.firewall.settings, engine.version);
  const exists = again && (yield* engine.command(["ip", "link", "show", "dev", network.device])).status === 0;
  const wanted = { address: network.gateway!, prefix: network.pool!.subnet.prefix };
  const same = present?.address === wanted.address && present.prefix === wanted.prefix;
  const isFirst = network.name === "bridge";
  for (const argv of commands) {
    if (exists && argv[2] === "add" && argv[1] === "link") continue;
    if (exists && argv[2] === "add" && argv[1] === "addr") {
      if (!isFirst || same) continue;
      if (present !== null) yield* engine.must(["ip", "addr", "del", text(present), "dev", network.device]);
    }
    yield* engine.must(argv);
  }
}

function text({ address, prefix }: InterfaceAddress): string {
  return `${formatIpv4(address)}/${prefix}`;
}

/** The IPv4 address that a device has. */
function* addressOf(engine: Engine, device: string): Steps<InterfaceAddress | null> {
  const { stdout } = yield* engine.command(["ip", "-4", "-br", "addr", "show", "dev", device]);
  return tryParseInterfaceAddress(stdout.trim().split(/\s+/)[2] ?? "");
}
