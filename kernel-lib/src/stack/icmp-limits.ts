import type { Ipv4 } from "../base/addresses.js";
import { ms, type Nanoseconds, seconds } from "../base/units.js";
import type { Path } from "../route/path.js";
import { ICMP_UNREACHABLE, UNREACHABLE_FRAGMENTATION_NEEDED } from "../wire/icmp.js";
import type { Netns } from "./netns.js";

/** Tokens of one peer gather up to this many time-outs (XRLIM_BURST_FACTOR). */
const BURST = 6;
/** Packets without a route take one more token, of five at most (ip_rt_error_cost, ip_rt_error_burst). */
const UNROUTABLE_COST = seconds(1);
const UNROUTABLE_BURST = 5;
/** A peer not seen before counts as silent for a minute (inet_getpeer). */
const UNSEEN = seconds(60);
/** Redirects to one peer before it is left alone (ip_rt_redirect_number), and the silence after which it counts anew. */
const REDIRECT_NUMBER = 9;
const REDIRECT_LOAD = ms(20);
const REDIRECT_SILENCE = REDIRECT_LOAD * 2 ** (REDIRECT_NUMBER + 1);

interface Bucket {
  tokens: Nanoseconds;
  last: Nanoseconds;
}

/** The rate limits of ICMP errors (icmpv4_xrlim_allow): a bucket a peer, and one for all (1000 a second, bursts of 50). */
export class IcmpLimits {
  /** An ICMP message is being sent: what its sending gives rise to says nothing (icmp_xmit_lock). */
  sending = false;
  private readonly peers = new Map<Ipv4, Bucket>();
  private readonly redirects = new Map<Ipv4, { count: number; last: Nanoseconds }>();
  private credit = 50;
  private creditAt: Nanoseconds = 0;

  /** Whether an error may go out now. Types outside icmp_ratemask, "frag needed" and errors to oneself are never held back. */
  allow(netns: Netns, type: number, code: number, path: Path): boolean {
    if (type === ICMP_UNREACHABLE && code === UNREACHABLE_FRAGMENTATION_NEEDED) return true;
    if (
      path.device.kind === "loopback" ||
      ((netns.sysctls.number("net.ipv4.icmp_ratemask") >>> type) & 1) === 0
    )
      return true;
    return this.allowPeer(netns, path.destination) && this.allowAll(netns);
  }

  /** Redirects: fewer and fewer, and after nine no more until 20 seconds have passed. */
  allowRedirect(netns: Netns, peer: Ipv4): boolean {
    const { now } = netns.world.scheduler;
    const seen = this.redirects.get(peer) ?? { count: 0, last: 0 };
    if (now > seen.last + REDIRECT_SILENCE) seen.count = 0;
    this.redirects.set(peer, seen);
    if (seen.count >= REDIRECT_NUMBER) {
      seen.last = now;
      return false;
    }
    if (seen.count > 0 && now <= seen.last + REDIRECT_LOAD * 2 ** seen.count) return false;
    seen.last = now;
    seen.count++;
    return true;
  }

  /** A packet from `peer` had no way on: whether that may be told at all (ip_error), before the limit on the error itself. */
  allowUnroutable(netns: Netns, peer: Ipv4): boolean {
    return this.spend(netns, peer, UNROUTABLE_COST, UNROUTABLE_BURST);
  }

  private allowPeer(netns: Netns, peer: Ipv4): boolean {
    const step = ms(netns.sysctls.number("net.ipv4.icmp_ratelimit"));
    return step === 0 || this.spend(netns, peer, step, BURST);
  }

  /** Takes `cost` from a peer's bucket, which holds at most `burst` times that. */
  private spend(netns: Netns, peer: Ipv4, cost: Nanoseconds, burst: number): boolean {
    const { now } = netns.world.scheduler;
    const bucket = this.peers.get(peer) ?? { tokens: 0, last: now - UNSEEN };
    bucket.tokens = Math.min(bucket.tokens + now - bucket.last, cost * burst);
    bucket.last = now;
    this.peers.set(peer, bucket);
    if (bucket.tokens < cost) return false;
    bucket.tokens -= cost;
    return true;
  }

  private allowAll(netns: Netns): boolean {
    const { now } = netns.world.scheduler;
    const perSecond = netns.sysctls.number("net.ipv4.icmp_msgs_per_sec");
    const burst = netns.sysctls.number("net.ipv4.icmp_msgs_burst");
    const passed = Math.min(now - this.creditAt, seconds(1));
    const gained = Math.floor((passed * perSecond) / seconds(1));
    if (gained > 0) {
      this.credit = Math.min(this.credit + gained, burst);
      this.creditAt = now;
    }
    if (this.credit === 0) return false;
    this.credit--;
    return true;
  }
}
