import type { Bridge } from "./bridge.js";
import { FdbEntry } from "./fdb.js";

/** Puts a bridge's ports into the default VLAN or takes them out (br_vlan_set_default_pvid); so do the entries of their own addresses. */
export function setDefaultPvid(bridge: Bridge, pvid: 0 | 1): void {
  if (pvid === bridge.defaultPvid) return;
  bridge.defaultPvid = pvid;
  const { fdb } = bridge;
  if (pvid === 0) {
    fdb.removeWhere((entry) => entry.local && !entry.userMade && entry.vlan !== 0);
    return;
  }
  const { now } = bridge.home.world.scheduler;
  for (const { mac, port, local, userMade } of [...fdb.newestFirst()])
    if (local && !userMade) fdb.add(new FdbEntry(mac, pvid, port, now)).local = true;
}
