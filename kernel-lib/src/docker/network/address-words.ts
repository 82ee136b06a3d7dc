import { broadcastOf, formatCidr, formatIpv4, type InterfaceAddress } from "../../base/addresses.js";
import type { EngineVersion } from "../versions/engine-version.js";

/** `ip addr add …` as a release of the engine gives an interface its address: since 18.02 with the subnet's broadcast address. */
export function addressWords(
  version: EngineVersion,
  at: InterfaceAddress,
  device: string,
): readonly string[] {
  const broadcast = version.setsBroadcast ? ["broadcast", formatIpv4(broadcastOf(at))] : [];
  return ["ip", "addr", "add", formatCidr(at), ...broadcast, "dev", device];
}
