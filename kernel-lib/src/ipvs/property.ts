import type { Balanced } from "../netfilter/balanced.js";
import type { Packet } from "../wire/packet.js";
import type { Ipvs } from "./ipvs.js";

/** What `-m ipvs` asks: the connection of a packet that IPVS has handled, by its real server's end (xt_ipvs.c). Null when there is none. */
export function ipvsProperty(ipvs: Ipvs, packet: Packet): Balanced | null {
  const { ends } = ipvs;
  if (!ends.read(packet.bytes, packet.network, packet.end)) return null;
  const found = ipvs.connections.findOut(
    ends.protocol,
    ends.virtual,
    ends.virtualPort,
    ends.client,
    ends.clientPort,
  );
  return found === null
    ? null
    : { virtual: found.virtual, virtualPort: found.virtualPort, method: found.method, controlPort: null };
}
