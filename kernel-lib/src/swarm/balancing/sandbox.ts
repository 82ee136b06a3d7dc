import type { InterfaceAddress, Ipv4 } from "../../base/addresses.js";

/** A namespace of a machine that balances services of one network: `ingress_sbox`, `lb_…`, or a task's own (until 17.x). */
export interface BalancingSandbox {
  readonly networkId: string;
  /** The words that lead a command into it: `nsenter --net=/var/run/docker/netns/ingress_sbox`. */
  readonly inside: readonly string[];
  /** Its device in the network, and its own address there. */
  readonly device: string;
  readonly own: InterfaceAddress;
  /** Of ingress_sbox: its address on docker_gwbridge, to which the machine sends published ports. Null elsewhere. */
  readonly gateway: Ipv4 | null;
}
