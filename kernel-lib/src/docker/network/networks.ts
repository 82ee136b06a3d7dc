import {
  type Cidr,
  formatCidr,
  formatIpv4,
  type InterfaceAddress,
  type Ipv4,
  networkOf,
  tryParseInterfaceAddress,
  tryParseIpv4,
} from "../../base/addresses.js";
import type { Steps } from "../../host/process.js";
import type { DaemonSettings } from "../daemon/settings.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import { closeBridge, openBridge } from "../firewall/engine-firewall.js";
import { timeOf } from "../go/time.js";
import { bridgeCommands } from "./bridge-driver.js";
import { bridgeOptions } from "./bridge-options.js";
import { type AddressPool, AddressSpace } from "./ipam.js";
import { NO_IPAM_REQUEST, type WantedAddresses, wantedAddresses } from "./ipam-request.js";
import { BRIDGE_NAME, Network, type NetworkRequest } from "./network.js";

/** Of a device's name (IFNAMSIZ less the final zero). */
const LONGEST_NAME = 15;

const PREDEFINED = new Set(["bridge", "host", "none", "default"]);

function defaultOptions(settings: DaemonSettings): readonly [string, string][] {
  return [
    ["com.docker.network.bridge.default_bridge", "true"],
    ["com.docker.network.bridge.enable_icc", String(settings.icc)],
    ["com.docker.network.bridge.enable_ip_masquerade", String(settings.ipMasquerade)],
    ["com.docker.network.bridge.host_binding_ipv4", settings.ip],
    [BRIDGE_NAME, "docker0"],
    ["com.docker.network.driver.mtu", String(settings.mtu)],
  ];
}

/** The networks of an engine, by name and id. */
export class Networks {
  readonly addresses: AddressSpace;
  private readonly byId = new Map<string, Network>();

  constructor(private readonly engine: Engine) {
    this.addresses = new AddressSpace(engine.version.poolsInTurn);
  }

  /** All of them, those of the swarm that this machine does not have included, by name as `docker network ls` lists. */
  list(): Network[] {
    return this.all().sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  /** Its own, and what the swarm has besides. */
  private all(): Network[] {
    const swarm = this.engine.swarm?.networks.list() ?? [];
    return [...this.byId.values(), ...swarm.filter(({ id }) => !this.byId.has(id))];
  }

  /** A network of the swarm has come to this machine. */
  adopt(network: Network): void {
    this.byId.set(network.id, network);
  }

  /** It has gone from this machine. */
  drop(network: Network): void {
    this.byId.delete(network.id);
  }

  /** By name, id, or the beginning of an id. Null when there is none. */
  tryFind(text: string): Network | null {
    const all = this.all();
    return (
      all.find((network) => network.name === text) ??
      all.find(({ id }) => id === text) ??
      (text === "" ? null : (all.find((network) => network.id.startsWith(text)) ?? null))
    );
  }

  find(text: string): Network {
    const network = this.tryFind(text);
    if (network === null) throw new DockerError(`network ${text} not found`, "notFound", "network");
    return network;
  }

  /**
   * bridge, host and none, as dockerd makes them when it starts; the bridge is another one each time. Gives the bridge. `address`: the bridge's own
   * when it is chosen or there already; null takes the first default pool.
   */
  addPredefined(address: InterfaceAddress | null): Network {
    const { settings } = this.engine;
    const request = (name: string, driver: NetworkRequest["driver"]): NetworkRequest => ({
      name,
      driver,
      ...NO_IPAM_REQUEST,
      internal: false,
      attachable: false,
      options: new Map(driver === "bridge" ? defaultOptions(settings) : []),
      labels: new Map(),
    });
    if (this.tryFind("none") === null) this.add(request("none", "null"), null, null, true);
    if (this.tryFind("host") === null) this.add(request("host", "host"), null, null, true);
    const former = this.tryFind("bridge");
    if (former !== null) {
      this.byId.delete(former.id);
      this.addresses.release(former.pool!);
    }
    const bridge = {
      ...request("bridge", "bridge"),
      gateway: address === null ? null : formatIpv4(address.address),
      range: settings.fixedCidr === null ? null : formatCidr(settings.fixedCidr),
    };
    this.addresses.rewind();
    const pool =
      address === null
        ? this.addresses.claimDefault([])
        : this.addresses.claim(networkOf(address), settings.fixedCidr);
    return this.add(bridge, pool, pool.request(address?.address ?? null), true);
  }

  /** What a network's name must be. Throws DockerError in the daemon's words. */
  checkName(name: string): void {
    if (PREDEFINED.has(name))
      throw new DockerError(`operation is not permitted on predefined ${name} network`, "forbidden");
    // Every network's id begins with nothing.
    if (name === "" || this.all().some((network) => network.name === name))
      throw new DockerError(`network with name ${name} already exists`, "conflict");
    if (name.trim() === "") throw new DockerError("invalid name:", "invalid");
  }

  /** Makes a network; a refusal leaves nothing behind. */
  *create(request: NetworkRequest): Steps<Network> {
    this.checkName(request.name);
    if (request.driver !== "bridge")
      throw new DockerError(`only one instance of "${request.driver}" network is allowed`, "forbidden");
    const options = bridgeOptions(request.options, this.engine.version);
    if (options.gatewayMode === "isolated" && !request.internal)
      throw new DockerError("gateway mode 'isolated' can only be used for an internal network");
    const wanted = wantedAddresses(request);
    const pool = yield* this.claimPool(wanted);
    try {
      const gateway = options.gatewayMode === "isolated" ? null : claimGateway(pool, wanted.gateway);
      claimAuxiliary(pool, request);
      if ((request.options.get(BRIDGE_NAME) ?? "").length > LONGEST_NAME)
        throw new DockerError("failed to check bridge interface existence: numerical result out of range");
      if (request.furtherSubnets.length > 0)
        throw new DockerError("bridge driver doesn't support multiple subnets", "invalid");
      return yield* this.build(request, pool, gateway);
    } catch (error) {
      this.addresses.release(pool);
      throw error;
    }
  }

  /** Takes a network away. Throws DockerError while containers are in it. */
  *remove(network: Network): Steps<void> {
    if (network.predefined)
      throw new DockerError(`${network.name} is a pre-defined network and cannot be removed`, "forbidden");
    if (network.scope === "swarm") return yield* this.engine.swarm!.networks.remove(network);
    if (network.inUse)
      throw new DockerError(
        `error while removing network: network ${network.name} id ${network.id} has active endpoints`,
        "forbidden",
      );
    yield* closeBridge(this.engine, network);
    yield* this.engine.must(["ip", "link", "delete", "dev", network.device]);
    this.byId.delete(network.id);
    this.addresses.release(network.pool!);
  }

  private add(
    request: NetworkRequest,
    pool: AddressPool | null,
    gateway: Ipv4 | null,
    predefined: boolean,
  ): Network {
    const network = new Network(
      this.engine.ids.id(),
      timeOf(this.engine.host.world.scheduler.now),
      request,
      pool,
      gateway,
      predefined,
      bridgeOptions(request.options, this.engine.version),
    );
    this.byId.set(network.id, network);
    return network;
  }

  private *build(request: NetworkRequest, pool: AddressPool, gateway: Ipv4 | null): Steps<Network> {
    const network = this.add(request, pool, gateway, false);
    const rival = this.list().find(
      (other) => other !== network && other.driver === "bridge" && other.device === network.device,
    );
    let made = false;
    try {
      if (rival !== undefined) throw sameBridge(network, rival);
      for (const argv of bridgeCommands(
        network,
        this.engine.ids.bridgeMac(),
        this.engine.firewall.settings,
        this.engine.version,
      )) {
        yield* this.engine.must(argv);
        made = true;
      }
      yield* openBridge(this.engine, network);
      yield* this.engine.work(40);
      return network;
    } catch (error) {
      this.byId.delete(network.id);
      if (made) yield* this.engine.command(["ip", "link", "delete", "dev", network.device]);
      throw error;
    }
  }

  private *claimPool({ subnet, range }: WantedAddresses): Steps<AddressPool> {
    return subnet === null
      ? this.addresses.claimDefault(yield* this.routes())
      : this.addresses.claim(subnet, range);
  }

  /** The machine's directly connected networks: a default pool must not overlap them. */
  private *routes(): Steps<Cidr[]> {
    const { stdout } = yield* this.engine.command(["ip", "-4", "route", "show"]);
    return stdout.split("\n").flatMap((line) => {
      const network = tryParseInterfaceAddress(line.split(" ")[0] ?? "");
      return network === null ? [] : [networkOf(network)];
    });
  }
}

function sameBridge(network: Network, rival: Network): DockerError {
  const named = (which: Network) => `${which.id} (${which.device})`;
  return new DockerError(
    `cannot create network ${named(network)}: conflicts with network ${named(rival)}: networks have same bridge name`,
    "forbidden",
  );
}

function claimGateway(pool: AddressPool, wanted: Ipv4 | null): Ipv4 {
  const refused = (reason: string) =>
    new DockerError(`failed to allocate gateway (${addressText(wanted)}): ${reason}`, "forbidden");
  try {
    const gateway = pool.request(wanted);
    if (gateway !== null) return gateway;
  } catch (error) {
    throw error instanceof DockerError ? refused(error.message) : error;
  }
  throw refused("No available addresses on this pool");
}

/** Addresses that the user keeps from containers are taken like any other. */
function claimAuxiliary(pool: AddressPool, { auxAddresses }: NetworkRequest): void {
  for (const [name, text] of auxAddresses) {
    try {
      pool.request(tryParseIpv4(text));
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      throw new DockerError(
        `failed to allocate secondary ip address (${name}:${text}): ${error.message}`,
        "forbidden",
      );
    }
  }
}

export function addressText(address: Ipv4 | null): string {
  return address === null ? "" : formatIpv4(address);
}
