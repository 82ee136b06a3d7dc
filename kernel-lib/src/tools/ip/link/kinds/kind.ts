import type { Mac } from "../../../../base/addresses.js";
import type { Device } from "../../../../link/device.js";
import type { DeviceKind } from "../../../../link/device-kind.js";
import type { LinkSpec } from "../../../../stack/config/link.js";
import type { IpRun } from "../../run.js";
import type { Words } from "../../words.js";

/** What stands before `type KIND` in `ip link add`. */
export interface CommonLink {
  readonly name: string;
  readonly mac?: Mac;
  readonly mtu?: number;
  readonly txQueueLength?: number;
  readonly index?: number;
}

/** One kind of link, as `ip link` reads and prints it. Adding a kind is one file and one line in kinds.ts. */
export interface LinkKind {
  readonly device: DeviceKind;
  /** The word after `type`; null for hardware and loopback, which have none. */
  readonly name: string | null;
  /** Names that the kernel gives when none is asked for: `veth` for veth0, veth1 … */
  readonly namePattern: string;
  /** `minmtu` and `maxmtu`. */
  readonly mtuRange: readonly [number, number];
  /** `tso_max_size`. */
  readonly tsoMaxSize: number;
  /** The device below, whose offload limits this one has (netif_inherit_tso_max); absent for kinds that stand on none. */
  readonly lowerOf?: (device: Device) => Device | null;
  /** Reads what follows `type KIND`; absent when the operator can make none. */
  readonly parse?: (
    common: CommonLink,
    words: Words,
    run: IpRun,
  ) => { readonly spec: LinkSpec; readonly finish?: (device: Device) => void };
  /** Reads what follows `type KIND` in `ip link set`. */
  readonly change?: (device: Device, words: Words, run: IpRun) => void;
  /** The settings that -d prints after the kind's name, each followed by a blank. */
  details(device: Device, run: IpRun): string;
  /** What -d prints about a port of a device of this kind. */
  portDetails(port: Device, run: IpRun): string;
}

/** What kinds without ports of their own share. */
export const noPorts = { portDetails: () => "" } as const;
