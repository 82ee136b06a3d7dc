import type { InterfaceAddress, Ipv4 } from "../../base/addresses.js";
import { formatIpv4 } from "../../base/addresses.js";
import type { Engine } from "../../docker/engine.js";
import { closeEndpoint, openEndpoint } from "../../docker/firewall/engine-firewall.js";
import { gatewayBridge } from "../../docker/network/gateway-bridge.js";
import { type MountedNetns, mountNetns, unmountNetns } from "../../docker/network/mounted-netns.js";
import type { Network, SandboxEndpoint } from "../../docker/network/network.js";
import { connect, disconnect, endpointMac } from "../../docker/network/sandbox.js";
import type { Steps } from "../../host/process.js";
import type { BalancingSandbox } from "../balancing/sandbox.js";
import type { OverlayNetwork } from "./overlay-network.js";

/** What a sandbox of a network is called. */
export interface SandboxNames {
  /** In `docker network inspect`: `ingress-sbox`, `lb-my-net`. */
  readonly sandbox: string;
  /** Its endpoint there: `ingress-endpoint`, `my-net-endpoint`. */
  readonly endpoint: string;
  /** Its namespace: `ingress_sbox`, `lb_jty096ivc`. */
  readonly namespace: string;
}

/** How a network's sandbox is called: that of the routing mesh, or of another network's load balancer. */
function sandboxNames({ id, name, request }: Network): SandboxNames {
  return request.ingress === true
    ? { sandbox: "ingress-sbox", endpoint: "ingress-endpoint", namespace: "ingress_sbox" }
    : { sandbox: `lb-${name}`, endpoint: `${name}-endpoint`, namespace: `lb_${id.slice(0, 9)}` };
}

/**
 * A sandbox of one network in which no container runs: `ingress_sbox`, or from 18.09 on `lb_…`, by which a node balances the services of a network of the user's. It has
 * an address in the network; that of the routing mesh is on docker_gwbridge, too.
 */
export class OverlaySandbox implements BalancingSandbox {
  readonly device = "eth0";
  gateway: Ipv4 | null = null;
  private readonly endpoints: SandboxEndpoint[] = [];

  private constructor(
    private readonly engine: Engine,
    readonly network: Network,
    readonly names: SandboxNames,
    readonly mounted: MountedNetns,
    readonly own: InterfaceAddress,
  ) {}

  /** Makes the namespace, then its devices. */
  static *open(
    engine: Engine,
    network: Network,
    overlay: OverlayNetwork,
    address: Ipv4,
  ): Steps<OverlaySandbox> {
    const names = sandboxNames(network);
    const mounted = yield* mountNetns(engine, names.namespace);
    const own = { address, prefix: network.pool!.subnet.prefix };
    const sandbox = new OverlaySandbox(engine, network, names, mounted, own);
    const endpoint = yield* sandbox.join(network, address, names.endpoint, "eth0");
    overlay.connected(endpoint);
    if (network.request.ingress === true) yield* sandbox.joinGatewayBridge();
    return sandbox;
  }

  get networkId(): string {
    return this.network.id;
  }

  get inside(): readonly string[] {
    return this.mounted.place.enter;
  }

  *close(): Steps<void> {
    for (const endpoint of [...this.endpoints].reverse()) {
      const { network } = endpoint;
      network.sandboxEndpoints.delete(this.names.sandbox);
      if (network.swarm === null) yield* closeEndpoint(this.engine, endpoint);
      yield* disconnect(this.engine, endpoint);
      network.pool!.release(endpoint.address!);
    }
    this.endpoints.length = 0;
    unmountNetns(this.engine, this.names.namespace);
  }

  private *joinGatewayBridge(): Steps<void> {
    const bridge = yield* gatewayBridge(this.engine);
    const endpoint = yield* this.join(bridge, null, `gateway_${this.names.sandbox}`, "eth1");
    yield* openEndpoint(this.engine, endpoint);
    this.gateway = endpoint.address;
    const route = ["ip", "route", "add", "default", "via", formatIpv4(bridge.gateway!), "dev", "eth1"];
    yield* this.engine.must([...this.inside, ...route]);
  }

  private *join(
    network: Network,
    wanted: Ipv4 | null,
    name: string,
    containerDevice: string,
  ): Steps<SandboxEndpoint> {
    const { ids } = this.engine;
    const address = network.pool!.request(wanted)!;
    const endpoint: SandboxEndpoint = {
      id: ids.id(),
      name,
      sandbox: this.names.sandbox,
      network,
      address,
      mac: endpointMac(this.engine, network, address),
      hostDevice: ids.veth(),
      containerDevice,
    };
    this.endpoints.push(endpoint);
    network.sandboxEndpoints.set(this.names.sandbox, endpoint);
    yield* connect(this.engine, endpoint, this.mounted.place);
    return endpoint;
  }
}
