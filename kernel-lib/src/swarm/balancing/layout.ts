import type { DockerVersion } from "../../docker/versions/version.js";

/** What differs between releases in how a service's virtual address is balanced. */
export interface BalancingLayout {
  /**
   * Who balances in networks of the user's: `tasks`: each task's namespace for what it sends itself (until 17.x); `node`: one sandbox `lb_…` on each
   * machine for all its tasks (from 18 on). On the ingress network it has always been the machine's ingress_sbox.
   */
  readonly place: "tasks" | "node";
  /** The chain of the mangle table that marks packets to the virtual address: of those sent here, or of those that arrive. */
  readonly marksIn: "OUTPUT" | "INPUT";
  /** A ping of the virtual address is sent to 127.0.0.1 by a rule. Later the sandbox has the address and answers by itself. */
  readonly redirectsPing: boolean;
  /** Before it is taken out, a replica gets weight 0 while it still has its grace period (from 18.06 on). */
  readonly quiesces: boolean;
  /** Kernel settings of a namespace that balances, from its beginning. */
  readonly settings: readonly string[];
  /** Protocols that a task refuses on its ingress address beside its ports, in the order of the rules. */
  readonly refused: readonly ("sctp" | "udp" | "tcp")[];
}

const UNTIL_17: BalancingLayout = {
  place: "tasks",
  marksIn: "OUTPUT",
  redirectsPing: true,
  quiesces: false,
  settings: [],
  refused: ["udp", "tcp"],
};

const FROM_18: BalancingLayout = {
  place: "node",
  marksIn: "INPUT",
  redirectsPing: false,
  quiesces: true,
  settings: [
    "net.ipv4.vs.conn_reuse_mode=0",
    "net.ipv4.vs.expire_nodest_conn=1",
    "net.ipv4.vs.expire_quiescent_template=1",
  ],
  refused: ["sctp", "udp", "tcp"],
};

export const BALANCING_LAYOUTS: Readonly<Record<DockerVersion, BalancingLayout>> = {
  "1.12": UNTIL_17,
  "17.05": UNTIL_17,
  "17.09": UNTIL_17,
  "20.10": FROM_18,
  "28": FROM_18,
};
