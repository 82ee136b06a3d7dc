import { parseMac } from "../../../kernel-lib/src/base/addresses.js";
import { ms } from "../../../kernel-lib/src/base/units.js";
import { Host } from "../../../kernel-lib/src/host/host.js";
import { Cable } from "../../../kernel-lib/src/link/cable.js";
import type { Device, Tap } from "../../../kernel-lib/src/link/device.js";
import type { Nic } from "../../../kernel-lib/src/link/nic.js";
import { createLink } from "../../../kernel-lib/src/stack/config/link.js";
import type { Netns } from "../../../kernel-lib/src/stack/netns.js";
import { namedNetns } from "../../../kernel-lib/src/tools/ip/netns-names.js";
import { ShellSession } from "../../../kernel-lib/src/tools/shell/session.js";
import { MACHINE_PROGRAMS } from "../../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../../kernel-lib/src/trace/world.js";
import type { ByNamespace, Plan, Printed, Questions, SeenFrame, Side } from "./side.js";

/** What is under way when a command ends arrives within this time; what waits for a second does not. */
const SETTLE = ms(5);

/** The machines in memory. */
export class OurSide implements Side {
  private world!: World;
  private readonly hosts = new Map<string, { readonly host: Host; readonly shell: ShellSession }>();
  private readonly tapped = new WeakSet<Device>();
  private frames = new Map<Netns, SeenFrame[]>();

  async open({ machines, cables }: Plan): Promise<void> {
    this.world = new World(7);
    const nics = new Map<string, Nic>();
    for (const { name } of machines) {
      const host = new Host(this.world, name, { programs: MACHINE_PROGRAMS });
      // The real kernel has it built in, or loaded.
      host.run(["modprobe", "br_netfilter"]);
      this.hosts.set(name, { host, shell: new ShellSession(host) });
    }
    for (const { name, setup } of machines) await this.run(name, setup.join("\n"));
    for (const { name, nics: cards } of machines)
      for (const card of cards) {
        const { rootNetns } = this.hosts.get(name)!.host;
        const nic = createLink(rootNetns, { kind: "nic", name: card.name, mac: parseMac(card.mac) });
        nics.set(`${name} ${card.name}`, nic as Nic);
      }
    for (const { from, to } of cables)
      new Cable(this.world, from.join(" ")).connect(nics.get(from.join(" "))!, nics.get(to.join(" "))!);
  }

  async run(machine: string, line: string): Promise<Printed> {
    this.tapNewDevices();
    const { shell } = this.hosts.get(machine)!;
    const { status, stdout, stderr } = await shell.run(line, { settle: SETTLE });
    this.tapNewDevices();
    return { status, text: stdout + stderr };
  }

  async send(machine: string, space: string, device: string, frame: Uint8Array): Promise<void> {
    const { host } = this.hosts.get(machine)!;
    const netns =
      space === "" ? host.rootNetns : namedNetns(host.init).find(({ name }) => name === space)!.netns;
    const packet = this.world.packets.from(frame);
    packet.journey = this.world.nextJourney();
    netns.device(device)!.transmit(packet);
    this.world.scheduler.runFor(SETTLE);
  }

  async take(): Promise<ByNamespace<readonly SeenFrame[]>> {
    const { frames } = this;
    this.frames = new Map();
    return this.inNamespaces((_, netns) => frames.get(netns) ?? []);
  }

  async ask({ machines, containers }: Questions): Promise<ByNamespace<readonly string[]>> {
    return this.inNamespaces((host, _, name) =>
      (name === "" ? machines : containers).map(
        (argv) => host.run(name === "" ? [...argv] : ["ip", "netns", "exec", name, ...argv]).stdout,
      ),
    );
  }

  private inNamespaces<T>(look: (host: Host, netns: Netns, name: string) => T): ByNamespace<T> {
    return Object.fromEntries(
      [...this.hosts].map(([machine, { host }]) => [
        machine,
        Object.fromEntries(
          [{ name: "", netns: host.rootNetns }, ...namedNetns(host.init)].map(({ name, netns }) => [
            name,
            look(host, netns, name),
          ]),
        ),
      ]),
    );
  }

  private tapNewDevices(): void {
    for (const { host } of this.hosts.values())
      for (const netns of host.netnsList())
        for (const device of netns.devices.values()) {
          if (this.tapped.has(device)) continue;
          this.tapped.add(device);
          device.addTap(this.tap);
        }
  }

  private readonly tap: Tap = (device, packet, direction) => {
    const netns = device.home as Netns;
    const seen = this.frames.get(netns) ?? [];
    this.frames.set(netns, seen);
    seen.push({ device: device.name, direction, bytes: packet.copyBytes() });
  };
}
