import type { Scheduler } from "../../sim/scheduler.js";
import {
  type Connection,
  connectionOf,
  ESTABLISHED_REPLY,
  isReply,
  NEW,
  RELATED,
  RELATED_REPLY,
  STATUS_DST_NAT,
  STATUS_SRC_NAT,
  UNTRACKED,
} from "../conntrack/connection.js";
import type { Test } from "../extension.js";
import type { PacketView } from "../packet-view.js";
import type { ConntrackMatch, NetworkTerm, RangeTerm } from "./conntrack.js";

/** The bit of STATE_BITS that a packet is in, the NAT bits besides. */
export function stateBits(view: PacketView, withNat: boolean): number {
  const connection = connectionOf(view.packet);
  const info = view.packet.connectionInfo;
  if (connection === null) return info === UNTRACKED ? 16 : 1;
  let bits =
    info === NEW ? 2 : info === RELATED || info === RELATED_REPLY ? 4 : info === ESTABLISHED_REPLY ? 8 : 8;
  if (withNat) {
    if ((connection.status & STATUS_SRC_NAT) !== 0) bits |= 32;
    if ((connection.status & STATUS_DST_NAT) !== 0) bits |= 64;
  }
  return bits;
}

function isIn(term: NetworkTerm | null, address: number): boolean {
  return term === null || (((address ^ term.address) & term.mask) === 0) !== term.negated;
}

function within(term: RangeTerm | null, number: number): boolean {
  return term === null || (number >= term.first && number <= term.last) !== term.negated;
}

/** conntrack_mt: a packet without a connection can only match by state. */
export class ConntrackTest implements Test {
  private readonly onlyState: boolean;

  constructor(
    private readonly value: ConntrackMatch,
    private readonly scheduler: Scheduler,
  ) {
    this.onlyState = Object.entries(value).every(
      ([key, term]) => key === "match" || key === "state" || term === null,
    );
  }

  matches(view: PacketView): boolean {
    const { state } = this.value;
    if (state !== null && ((stateBits(view, (state.bits & 96) !== 0) & state.bits) !== 0) === state.negated)
      return false;
    if (this.onlyState) return true;
    const connection = connectionOf(view.packet);
    return connection !== null && this.rest(view, connection);
  }

  private rest(view: PacketView, connection: Connection): boolean {
    const { value } = this;
    const { original, reply } = connection;
    if (value.direction !== null && isReply(view.packet.connectionInfo) !== (value.direction === "REPLY"))
      return false;
    if (value.protocol !== null && (original.protocol === value.protocol.number) === value.protocol.negated)
      return false;
    if (
      !isIn(value.originalSource, original.source) ||
      !isIn(value.originalDestination, original.destination)
    )
      return false;
    if (!isIn(value.replySource, reply.source) || !isIn(value.replyDestination, reply.destination))
      return false;
    if (!within(value.originalSourcePort, original.sourcePort)) return false;
    if (!within(value.originalDestinationPort, original.destinationPort)) return false;
    if (!within(value.replySourcePort, reply.sourcePort)) return false;
    if (!within(value.replyDestinationPort, reply.destinationPort)) return false;
    if (value.status !== null && this.hasStatus(connection) === value.status.negated) return false;
    const left = Math.max(0, Math.floor((connection.expiresAt - this.scheduler.now) / 1e9));
    return within(value.expire, left);
  }

  private hasStatus(connection: Connection): boolean {
    const { bits } = this.value.status!;
    return (connection.status & bits) !== 0;
  }
}
