import type { Device } from "../../../../link/device.js";
import { bridgeKind } from "./bridge.js";
import { dummyKind } from "./dummy.js";
import { loopbackKind, nicKind } from "./hardware.js";
import type { LinkKind } from "./kind.js";
import { vethKind } from "./veth.js";
import { vxlanKind } from "./vxlan.js";

/** The kinds of links that `ip link` knows. */
export const LINK_KINDS: readonly LinkKind[] = [
  loopbackKind,
  nicKind,
  dummyKind,
  bridgeKind,
  vethKind,
  vxlanKind,
];

export function linkKindOf(device: Device): LinkKind {
  const kind = LINK_KINDS.find((candidate) => candidate.device === device.kind);
  if (kind === undefined) throw new Error(`bug in hopbook: no printer for links of kind ${device.kind}`);
  return kind;
}

/** The kind named in `type KIND`, if there is one here. */
export function linkKindNamed(name: string): LinkKind | undefined {
  return LINK_KINDS.find((kind) => kind.name === name);
}
