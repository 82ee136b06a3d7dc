import { type Nanoseconds, seconds } from "../base/units.js";
import type { Packet } from "../wire/packet.js";
import type { ConntrackLog } from "./conntrack/conntrack.js";
import { logLine } from "./log-line.js";
import type { Netfilter } from "./netfilter.js";
import { PacketView } from "./packet-view.js";

/** net_ratelimit: ten lines in five seconds, then silence for the rest of them. */
const LIMIT_INTERVAL = seconds(5);
const LIMIT_BURST = 10;

/**
 * Where conntrack complains: the kernel log of the machine's own namespace (others have none). Divergence: the line of an invalid packet has no devices, for the
 * tracker does not know them.
 */
export function conntrackLog(netfilter: Netfilter): ConntrackLog {
  const view = new PacketView(netfilter.deviceNames);
  let begunAt: Nanoseconds = Number.NEGATIVE_INFINITY;
  let printed = 0;
  let missed = 0;
  const write = (text: string) => netfilter.log?.(text, netfilter.world.scheduler.now);
  return {
    invalid(packet: Packet, protocol: number, text: string) {
      if (netfilter.log === null) return;
      view.load(packet, "PREROUTING", null, null);
      write(logLine(view, `nf_ct_proto_${protocol}: ${text} `, 0));
    },
    full() {
      const { now } = netfilter.world.scheduler;
      if (now - begunAt > LIMIT_INTERVAL) {
        if (missed > 0) write(`net_ratelimit: ${missed} callbacks suppressed`);
        begunAt = now;
        printed = 0;
        missed = 0;
      }
      if (printed++ < LIMIT_BURST) write("nf_conntrack: nf_conntrack: table full, dropping packet");
      else missed++;
    },
  };
}
