import { formatIpv4, type Ipv4 } from "../../base/addresses.js";
import type { Engine } from "../../docker/engine.js";
import { issue } from "../../docker/firewall/engine-firewall.js";
import { GATEWAY_BRIDGE } from "../../docker/network/gateway-bridge.js";
import { holdIngressPort } from "../../docker/proxy/ingress-port.js";
import type { PortHolder } from "../../docker/proxy/port-holder.js";
import type { Steps } from "../../host/process.js";
import type { IngressPortConfig } from "../balancing/port.js";

interface Held {
  /** How many of the services that this machine balances publish it: more than one while a service's ports change. */
  uses: number;
  readonly holder: PortHolder | null;
}

/** The published ports of services on one machine: its rules that lead to ingress_sbox, and the daemon's sockets. */
export class PublishedPorts {
  private readonly held = new Map<string, Held>();

  constructor(private readonly engine: Engine) {}

  /** `gateway`: the ingress sandbox's address on docker_gwbridge. */
  *open(ports: readonly IngressPortConfig[], gateway: Ipv4): Steps<void> {
    if (ports.length === 0) return;
    const { firewall } = this.engine;
    yield* issue(this.engine, firewall.openIngress(GATEWAY_BRIDGE));
    for (const port of ports) {
      const known = this.held.get(key(port));
      if (known !== undefined) {
        known.uses++;
        continue;
      }
      yield* issue(this.engine, firewall.addIngressPort(rulesOf(port, gateway)));
      const holder = holdIngressPort(this.engine, port.protocol, port.publishedPort);
      this.held.set(key(port), { uses: 1, holder });
    }
  }

  /** The daemon's sockets went with it; its rules are thrown away when the chain is opened again. */
  forget(): void {
    for (const { holder } of this.held.values()) holder?.stop();
    this.held.clear();
  }

  *close(ports: readonly IngressPortConfig[], gateway: Ipv4): Steps<void> {
    for (const port of ports) {
      const known = this.held.get(key(port));
      if (known === undefined || --known.uses > 0) continue;
      this.held.delete(key(port));
      yield* issue(this.engine, this.engine.firewall.removeIngressPort(rulesOf(port, gateway)));
      known.holder?.stop();
    }
  }
}

function key({ protocol, publishedPort, targetPort }: IngressPortConfig): string {
  return `${publishedPort}:${targetPort}/${protocol}`;
}

function rulesOf({ protocol, publishedPort }: IngressPortConfig, gateway: Ipv4) {
  return { protocol, port: publishedPort, gateway: formatIpv4(gateway) };
}
