import type { Device, Home } from "./device.js";
import { Vxlan } from "./vxlan.js";

/** The other namespace that a device has to do with (get_link_net): that of a veth's other end, or the one in which a VXLAN device was made. Null: its own. */
export function linkNamespace(device: Device): Home | null {
  const other = device instanceof Vxlan ? device.underlay.home : (device.link?.home ?? null);
  return other === device.home ? null : other;
}
