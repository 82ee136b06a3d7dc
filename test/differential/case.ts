import type { TapName } from "./machine.js";

/** What of the machine varies between cases. */
export interface Settings {
  readonly hairpin: boolean;
  readonly bridgeCalls: boolean;
  readonly reversePath: boolean;
  readonly routeLocalnet: boolean;
  readonly ignoreBroadcastEcho: boolean;
}

/** A rule as its terms, so that a failure can be told with as few of them as it needs. */
export interface RuleLine {
  readonly terms: readonly string[];
  /** `-j ACCEPT`; empty for a rule that only counts. */
  readonly target: string;
}

export interface ChainLines {
  readonly name: string;
  /** Null for a user's chain. */
  readonly policy: "ACCEPT" | "DROP" | null;
  readonly rules: readonly RuleLine[];
}

export interface TableLines {
  readonly name: string;
  readonly chains: readonly ChainLines[];
}

export interface TcpPart {
  readonly protocol: "tcp";
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** As a number: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly window: number;
  /** Option bytes, hexadecimal, a multiple of four bytes. */
  readonly options: string;
  readonly payload: number;
}

export interface UdpPart {
  readonly protocol: "udp";
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: number;
  /** Sent without a checksum (0). */
  readonly unsummed: boolean;
}

export interface IcmpPart {
  readonly protocol: "icmp";
  readonly type: number;
  readonly code: number;
  readonly id: number;
  readonly sequence: number;
  readonly payload: number;
}

export interface OtherPart {
  readonly protocol: "other";
  readonly number: number;
  readonly payload: number;
}

export type Transport = TcpPart | UdpPart | IcmpPart | OtherPart;

/** What may be wrong with a packet. */
export type Fault = "checksum" | "short" | null;

export interface PacketSpec {
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  readonly tos: number;
  readonly dontFragment: boolean;
  readonly transport: Transport;
  readonly fault: Fault;
  /** Payload bytes of each fragment but the last (multiples of 8); empty for a whole packet. */
  readonly fragments: readonly number[];
}

/** What a far end does to answer a frame that it got: the same way back, with these fields of TCP. */
export interface AnswerFields {
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly payload: number;
}

/** One thing that happens. `id` (1 or more) names it for later steps and gives its packets their identification. */
export type Step =
  | {
      readonly kind: "frame";
      readonly id: number;
      readonly tap: TapName;
      readonly sourceMac: string;
      readonly destinationMac: string;
      readonly packet: PacketSpec;
    }
  /** Whoever got the frame of step `to` answers; nobody got one: nothing happens. */
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly to: number;
      readonly pick: number;
      readonly fields: AnswerFields;
      readonly ttl: number;
    }
  /** Whoever got it complains with an ICMP error that quotes it; `from` null: in its receiver's name. */
  | {
      readonly kind: "error";
      readonly id: number;
      readonly to: number;
      readonly pick: number;
      readonly type: number;
      readonly code: number;
      readonly from: string | null;
      /** Bytes of the quoted packet. */
      readonly quoted: number;
    }
  /** The machine itself sends, as by a raw socket. */
  | { readonly kind: "local"; readonly id: number; readonly mark: number; readonly packet: PacketSpec }
  /** A service of the machine answers the last datagram that it got. */
  | { readonly kind: "service"; readonly id: number; readonly port: number; readonly payload: number };

export interface Case {
  readonly settings: Settings;
  readonly tables: readonly TableLines[];
  readonly steps: readonly Step[];
}

export function ruleText(chain: string, { terms, target }: RuleLine): string {
  return ["-A", chain, ...terms, ...(target === "" ? [] : [target])].join(" ");
}

/** What `iptables-restore` reads. */
export function restoreText(tables: readonly TableLines[]): string {
  return tables
    .map(({ name, chains }) =>
      [
        `*${name}`,
        ...chains.map((chain) => `:${chain.name} ${chain.policy ?? "-"} [0:0]`),
        ...chains.flatMap((chain) => chain.rules.map((rule) => ruleText(chain.name, rule))),
        "COMMIT\n",
      ].join("\n"),
    )
    .join("");
}
