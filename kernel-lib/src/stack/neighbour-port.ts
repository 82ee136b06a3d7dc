import type { NeighbourPort } from "../route/neighbour-table.js";
import { UNREACHABLE_HOST } from "../wire/icmp.js";
import { solicit } from "./arp.js";
import { sendUnreachable } from "./icmp-errors.js";
import type { Netns } from "./netns.js";
import { drop, place } from "./record.js";
import { transmitTo } from "./transmit.js";

/** How the neighbour table reaches the stack around it. */
export function neighbourPort(netns: Netns): NeighbourPort {
  return {
    solicit: (neighbour, mac, packet) => solicit(netns, neighbour, mac, packet),
    resolved(neighbour, packet, waited) {
      netns.cpu.enter(packet);
      packet.elapsed += netns.world.costs.neighbour;
      const { recorder } = netns.world;
      if (recorder !== null && packet.journey !== 0) {
        recorder.record({
          kind: "resolved",
          ...place(netns, packet),
          address: neighbour.address,
          mac: neighbour.mac!,
          waited,
        });
      }
      transmitTo(netns, packet, neighbour);
    },
    unreachable(neighbour, packet) {
      netns.cpu.enter(packet);
      packet.network = packet.start;
      sendUnreachable(netns, packet, UNREACHABLE_HOST);
      drop(netns, packet, "NEIGH_FAILED", neighbour.device.name);
    },
    overflow(neighbour, packet) {
      drop(netns, packet, neighbour.dead ? "NEIGH_DEAD" : "NEIGH_QUEUEFULL", neighbour.device.name);
    },
    isBroadcast: (address) => address === 0xffffffff || netns.fib.lookup(address)?.type === "broadcast",
    parameters: (device) => netns.sysctls.neighbourParameters(device.ifindex),
  };
}
