import type { Mac } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import type { BridgePort } from "./bridge-port.js";

/** An entry of a bridge's forwarding database (net_bridge_fdb_entry). */
export interface FdbEntry {
  readonly mac: Mac;
  /** 0, or 1 for the second copy that the kernel makes of each local entry for the default VLAN. */
  readonly vlan: number;
  /** Null: the bridge itself. */
  port: BridgePort | null;
  /** The address is the bridge's or a port's own: frames to it go up (BR_FDB_LOCAL). Listed as `permanent`. */
  local: boolean;
  /** Does not age (BR_FDB_STATIC). Listed as `static`. */
  static: boolean;
  /** Made by `bridge fdb add` (NTF_EXT_LEARNED and the like are not modelled). */
  userMade: boolean;
  updatedAt: Nanoseconds;
  usedAt: Nanoseconds;
}
