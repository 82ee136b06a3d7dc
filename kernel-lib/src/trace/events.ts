import type { Ipv4, Mac } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import type { DropReason } from "./drop-reason.js";

/** What all events have: which packet, when by its own clock, and where. */
interface At {
  /** The packet: copies of one frame share the journey and differ in the branch. */
  readonly journey: number;
  readonly branch: number;
  /** Virtual time since the lab was built, the packet's own CPU time included. */
  readonly at: Nanoseconds;
  /** The machine, and the namespace on it (its label: the machine's or container's name). */
  readonly machine: string;
  readonly netns: string;
}

/** A packet is made: by a program's socket, or by the kernel itself (ARP, ICMP errors, TCP). */
export interface BornEvent extends At {
  readonly kind: "born";
  readonly by: "socket" | "kernel";
  /** What it is, for a reader: `TCP SYN 172.17.0.2:42420 → 172.17.0.3:5000`. */
  readonly summary: string;
  /** The journey that made this one necessary (a packet that waits for ARP, a packet that an ICMP error is about); 0 for none. */
  readonly cause: number;
  /** Of a TCP segment with data: the IPv4 packet as it was made, at most its first RECORDED_PACKET_LENGTH bytes. */
  readonly packet?: Uint8Array;
}

/** A device sends or receives a frame. `frame` holds its first bytes as they are at this point. */
export interface DeviceEvent extends At {
  readonly kind: "transmit" | "receive";
  readonly device: string;
  readonly deviceKind: string;
  readonly frame: Uint8Array;
  readonly length: number;
}

export interface BridgeEvent extends At {
  readonly kind: "bridge";
  readonly bridge: string;
  /** The port by which the frame came in; the bridge's own name when the host sends it. */
  readonly port: string;
  readonly destination: Mac;
  /** `hit`: the FDB names a port. `local`: the MAC is the bridge's own. `miss`: unknown, so flooded. `group`: broadcast or multicast. */
  readonly fdb: "hit" | "local" | "miss" | "group";
  /** Ports it leaves by; the bridge's own name stands for the host. */
  readonly out: readonly string[];
  /** The source address was new, or has moved to this port. */
  readonly learned: "new" | "moved" | "known" | "no";
}

export interface RouteEvent extends At {
  readonly kind: "route";
  readonly destination: Ipv4;
  readonly source: Ipv4;
  /** `local`: for this namespace. */
  readonly decision: "local" | "broadcast" | "multicast" | "unicast" | "unreachable";
  readonly device: string;
  /** Next hop; 0 when the destination is on the link. */
  readonly via: Ipv4;
  readonly table: string;
  /** The route as `ip route` prints it. */
  readonly text: string;
}

export interface NeighbourEvent extends At {
  readonly kind: "neighbour";
  readonly address: Ipv4;
  readonly device: string;
  readonly state: string;
  readonly mac: Mac | null;
  /** The packet waits here until ARP is answered. */
  readonly queued: boolean;
}

/** A packet leaves the queue behind an unresolved neighbour. */
export interface ResolvedEvent extends At {
  readonly kind: "resolved";
  readonly address: Ipv4;
  readonly mac: Mac;
  readonly waited: Nanoseconds;
}

/** A hook of netfilter was passed, with the tables' verdicts in it. */
export interface HookEvent extends At {
  readonly kind: "hook";
  readonly hook: string;
  readonly verdict: "accept" | "drop" | "stolen";
  /** Devices by which it came and will leave, as rules see them; empty where there is none. */
  readonly input: string;
  readonly output: string;
  /** Its addresses when it came to the hook: `203.0.113.9:49152 → 192.168.56.101:5000`. */
  readonly ends: string;
  /** Rules met, in order; empty when no table is asked. */
  readonly steps: readonly HookStep[];
  /** What the hook changed in the packet. */
  readonly changes: readonly Rewrite[];
  /** The connection as it is after the hook; null when connections are not tracked here. */
  readonly connection: ConnectionState | null;
}

/** One thing that a hook changed: `{ what: "destination", before: "192.168.56.101:5000", after: "172.17.0.2:5000" }`. */
export interface Rewrite {
  readonly what: "source" | "destination" | "TTL" | "TOS" | "mark";
  readonly before: string;
  readonly after: string;
}

/** What connection tracking knows of a packet. */
export interface ConnectionState {
  /** How the packet relates to its connection, as `--ctstate` names it. */
  readonly state: "NEW" | "ESTABLISHED" | "RELATED" | "INVALID" | "UNTRACKED";
  readonly direction: "original" | "reply";
  /** As `conntrack -L` names it; empty for other protocols than TCP. */
  readonly tcpState: string;
  /** Bits as `--ctstatus` and `--ctstate` name them: `SEEN_REPLY`, `ASSURED`, `CONFIRMED`, `SNAT`, `DNAT`. */
  readonly status: readonly string[];
  /** Both directions: `tcp 203.0.113.9:49152 → 192.168.56.101:5000`, and what answers look like. Empty when there is no connection. */
  readonly original: string;
  readonly reply: string;
}

export interface HookStep {
  readonly table: string;
  readonly chain: string;
  /** Rule number from 1; 0 for the chain's policy. */
  readonly rule: number;
  readonly text: string;
  readonly matched: boolean;
  /** Of a rule that did not match: the first term that does not hold (`-i eth0`, `-m tcp --dport 80`). */
  readonly failed?: string;
  /** The other terms that do not hold either. A rule without any is a near miss. */
  readonly alsoFailed?: readonly string[];
  /** The command that made the rule, or that set the policy; absent for what nobody set. */
  readonly origin?: RuleOrigin;
}

/** Where a rule comes from. */
export interface RuleOrigin {
  /** The command itself, as a line for bash: `iptables --wait -t nat -A DOCKER …`. */
  readonly command: string;
  /** The command that made the command necessary: `docker run -d -p 5000:5000 test-image`, `dockerd`; null when an operator typed it. */
  readonly cause: string | null;
}

/** Forwarded: TTL is what remains. */
export interface ForwardEvent extends At {
  readonly kind: "forward";
  readonly ttl: number;
}

export interface FragmentEvent extends At {
  readonly kind: "fragment" | "reassembled";
  readonly pieces: number;
  readonly mtu: number;
}

/** A device cuts a TCP super-packet into segments of at most `size` bytes of payload. */
export interface SegmentEvent extends At {
  readonly kind: "segment";
  readonly device: string;
  readonly pieces: number;
  readonly size: number;
}

/** A VXLAN device puts a frame into an envelope for a remote. */
export interface EncapsulateEvent extends At {
  readonly kind: "encapsulate";
  readonly device: string;
  readonly vni: number;
  readonly remote: Ipv4;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** The envelope is taken off; `remote` is its sender. */
export interface DecapsulateEvent extends At {
  readonly kind: "decapsulate";
  readonly device: string;
  readonly vni: number;
  readonly remote: Ipv4;
}

/** Handed to a socket, or answered by the kernel itself. */
export interface DeliverEvent extends At {
  readonly kind: "deliver";
  readonly protocol: "arp" | "icmp" | "udp" | "tcp" | "other";
  /** `5000/tcp busybox httpd`, `kernel`. */
  readonly to: string;
}

/** Time on a cable: queue, serialisation and propagation. */
export interface CableEvent extends At {
  readonly kind: "cable";
  readonly cable: string;
  readonly queued: Nanoseconds;
  readonly serialisation: Nanoseconds;
  readonly propagation: Nanoseconds;
}

export interface DropEvent extends At {
  readonly kind: "drop";
  readonly reason: DropReason;
  /** Where in the stack: a device's name, `ip input`, `tcp`. */
  readonly where: string;
}

export type TraceEvent =
  | BornEvent
  | DeviceEvent
  | BridgeEvent
  | RouteEvent
  | NeighbourEvent
  | ResolvedEvent
  | HookEvent
  | ForwardEvent
  | FragmentEvent
  | SegmentEvent
  | EncapsulateEvent
  | DecapsulateEvent
  | DeliverEvent
  | CableEvent
  | DropEvent;

export type TraceEventKind = TraceEvent["kind"];
