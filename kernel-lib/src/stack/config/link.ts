import type { Mac } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Cable } from "../../link/cable.js";
import type { Device } from "../../link/device.js";
import type { Netns } from "../netns.js";

interface CommonSpec {
  readonly name: string;
  readonly mac?: Mac;
  readonly mtu?: number;
  readonly txQueueLength?: number;
  /** Asked-for interface index. */
  readonly index?: number;
}

/** What `ip link add` asks for. `nic` is the hardware: only the builder of a machine adds one. */
export type LinkSpec =
  | (CommonSpec & { readonly kind: "bridge" | "dummy" })
  | (CommonSpec & { readonly kind: "nic"; readonly cable?: Cable })
  | (CommonSpec & {
      readonly kind: "veth";
      /** The other end: a free `vethN` name in the same namespace when left out. */
      readonly peer?: { readonly name?: string; readonly netns?: Netns; readonly mac?: Mac; readonly mtu?: number };
    });

/** What `ip link set` changes; parts that are left out stay. */
export interface LinkChange {
  readonly up?: boolean;
  readonly mtu?: number;
  readonly mac?: Mac;
  readonly name?: string;
  readonly master?: Device | null;
  readonly netns?: Netns;
  readonly txQueueLength?: number;
  readonly promiscuous?: boolean;
  readonly arp?: boolean;
  readonly multicast?: boolean;
  readonly allMulticast?: boolean;
  readonly alias?: string;
}

/** RTM_NEWLINK with NLM_F_CREATE|NLM_F_EXCL. Throws EEXIST, EINVAL, ERANGE … A `%d` in a name takes the lowest free number. */
export function createLink(_netns: Netns, _spec: LinkSpec): Device {
  throw new KernelError("EOPNOTSUPP");
}

/** RTM_DELLINK. The other end of a veth pair goes too. Throws EOPNOTSUPP for lo and for hardware. */
export function deleteLink(_netns: Netns, _device: Device): void {
  throw new KernelError("EOPNOTSUPP");
}

/** RTM_NEWLINK on an existing device. */
export function setLink(_netns: Netns, _device: Device, _change: LinkChange): void {
  throw new KernelError("EOPNOTSUPP");
}
