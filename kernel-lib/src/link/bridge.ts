import type { Mac } from "../base/addresses.js";
import { seconds } from "../base/units.js";
import type { Packet } from "../wire/packet.js";
import type { BridgePort } from "./bridge-port.js";
import { Device, type FrameHandler } from "./device.js";
import type { FdbEntry } from "./fdb.js";

/** A Linux bridge: a learning Ethernet switch whose own device is one more way out. */
export class Bridge extends Device implements FrameHandler {
  readonly kind = "bridge";
  /** In the order in which they joined. */
  readonly ports: readonly BridgePort[] = [];
  /** Learned entries are forgotten this long after they were last refreshed (ageing_time, 300 s). */
  ageingTime = seconds(300);
  /** Spanning tree: off; only shown. */
  readonly stp: boolean = false;
  /** The MAC was set by hand and does not follow the ports. */
  macSet = false;

  get carrier(): boolean {
    return this.up;
  }

  /** The bridge identifier `8000.0242101ec868`. */
  get id(): string {
    return `8000.${this.mac.toString(16).padStart(12, "0")}`;
  }

  portOf(device: Device): BridgePort | undefined {
    return this.ports.find((port) => port.device === device);
  }

  /** Live entries, newest first as the kernel lists them; aged ones are left out. */
  listFdb(): readonly FdbEntry[] {
    return [];
  }

  /** The live entry for `mac` on VLAN 0. */
  lookupFdb(_mac: Mac): FdbEntry | null {
    return null;
  }

  handleFrame(port: Device, packet: Packet): void {
    port.drop(packet, "NOT_SPECIFIED");
  }

  protected send(packet: Packet): void {
    this.drop(packet, "NOT_SPECIFIED");
  }
}
