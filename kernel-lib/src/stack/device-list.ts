import type { Device } from "../link/device.js";

/** The devices of one namespace, by index and by name. */
export class DeviceList {
  /** In ascending order of index, as listings show them. */
  readonly byIndex = new Map<number, Device>();
  private readonly byName = new Map<string, Device>();
  private readonly states = new Map<Device, { up: boolean; carrier: boolean }>();
  /** How many random MAC addresses were drawn here: two devices of one name get different ones. */
  macsDrawn = 0;
  private lastIndex = 0;

  /** What the routing tables last knew of a device. */
  stateOf(device: Device): { up: boolean; carrier: boolean } {
    let state = this.states.get(device);
    if (state === undefined) {
      state = { up: false, carrier: false };
      this.states.set(device, state);
    }
    return state;
  }

  named(name: string): Device | undefined {
    return this.byName.get(name);
  }

  /** Adds a device under its own index if that is set and free, else under the next (dev_new_index: indexes are not used again). */
  add(device: Device): void {
    if (device.ifindex === 0 || this.byIndex.has(device.ifindex)) device.ifindex = this.nextIndex();
    this.byIndex.set(device.ifindex, device);
    this.byName.set(device.name, device);
    const inOrder = [...this.byIndex].sort(([a], [b]) => a - b);
    this.byIndex.clear();
    for (const [index, each] of inOrder) this.byIndex.set(index, each);
  }

  remove(device: Device): void {
    this.byIndex.delete(device.ifindex);
    this.byName.delete(device.name);
    this.states.delete(device);
  }

  rename(device: Device, name: string): void {
    this.byName.delete(device.name);
    device.name = name;
    this.byName.set(name, device);
  }

  private nextIndex(): number {
    do this.lastIndex++;
    while (this.byIndex.has(this.lastIndex));
    return this.lastIndex;
  }
}
