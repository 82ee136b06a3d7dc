import type { Ipv4 } from "../base/addresses.js";

/** IPv4 groups that devices of a namespace have joined besides 224.0.0.1 (ip_mc_list). Divergence: no IGMP report is sent. */
export class Groups {
  private readonly members: { readonly ifindex: number; readonly group: Ipv4 }[] = [];

  /** One more user of a group on a device. */
  join(ifindex: number, group: Ipv4): void {
    this.members.push({ ifindex, group });
  }

  leave(ifindex: number, group: Ipv4): void {
    const at = this.members.findIndex((one) => one.ifindex === ifindex && one.group === group);
    if (at >= 0) this.members.splice(at, 1);
  }

  has(ifindex: number, group: Ipv4): boolean {
    return this.members.some((one) => one.ifindex === ifindex && one.group === group);
  }

  /** The groups of a device, in the order in which they were joined. */
  of(ifindex: number): readonly Ipv4[] {
    return [...new Set(this.members.filter((one) => one.ifindex === ifindex).map(({ group }) => group))];
  }
}
