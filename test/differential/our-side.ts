import { formatIpv4, parseIpv4, parseMac } from "../../kernel-lib/src/base/addresses.js";
import { KernelError } from "../../kernel-lib/src/base/errno.js";
import { ms } from "../../kernel-lib/src/base/units.js";
import { Host } from "../../kernel-lib/src/host/host.js";
import type { Device } from "../../kernel-lib/src/link/device.js";
import type { UdpSocket } from "../../kernel-lib/src/socket/udp.js";
import { createLink, setLink } from "../../kernel-lib/src/stack/config/link.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import { IPV4_LENGTH, ipv4 } from "../../kernel-lib/src/wire/ipv4.js";
import type { Settings } from "./case.js";
import { ipCommands, SERVICES, SYSCTLS_BEFORE, sysctls, TAPS, type TapName } from "./machine.js";
import type { Heard, Report, Side } from "./side.js";

/** The machine in memory. */
export class OurSide implements Side {
  private world!: World;
  private host!: Host;
  private readonly taps = new Map<TapName, { readonly device: Device; frames: Uint8Array[] }>();
  private readonly services = new Map<number, UdpSocket>();

  async open(settings: Settings): Promise<void> {
    this.world = new World(7);
    this.host = new Host(this.world, "docker01", { programs: MACHINE_PROGRAMS });
    const { rootNetns } = this.host;
    const outside = this.host.createNetns("outside");
    this.run("modprobe br_netfilter");
    for (const [name, value] of SYSCTLS_BEFORE) this.run(`sysctl -w ${name}=${value}`);
    for (const { name, mac } of TAPS) {
      const device = createLink(rootNetns, {
        kind: "veth",
        name,
        mac: parseMac(mac),
        peer: { name, netns: outside },
      });
      const tap = { device: device.link!, frames: [] as Uint8Array[] };
      tap.device.frameHandler = {
        handleFrame(_port, packet) {
          tap.frames.push(packet.copyBytes());
          packet.release();
        },
        portChanged() {},
      };
      setLink(outside, tap.device, { up: true });
      this.taps.set(name, tap);
    }
    for (const line of ipCommands(settings)) this.run(`ip ${line}`);
    for (const [name, value] of sysctls(settings)) this.run(`sysctl -w ${name}=${value}`);
    for (const port of SERVICES) {
      const service = rootNetns.udp.socket();
      service.bind(0, port);
      this.services.set(port, service);
    }
    this.world.scheduler.runFor(ms(10));
    this.hear();
  }

  async restore(text: string): Promise<string> {
    const { status, stderr } = this.host.run(["iptables-restore"], { stdin: text });
    return status === 0 ? "" : stderr;
  }

  async inject(tap: TapName, frames: readonly Uint8Array[]): Promise<Heard> {
    for (const frame of frames) {
      const packet = this.world.packets.from(frame);
      packet.journey = this.world.nextJourney();
      this.taps.get(tap)!.device.transmit(packet);
    }
    return this.hear();
  }

  async send(bytes: Uint8Array, mark: number): Promise<Heard> {
    const packet = this.world.packets.from(bytes.subarray(IPV4_LENGTH));
    attempt(() =>
      this.host.rootNetns.send(packet, {
        source: ipv4.source.get(bytes, 0),
        destination: ipv4.destination.get(bytes, 0),
        protocol: ipv4.protocol.get(bytes, 0),
        ttl: ipv4.ttl.get(bytes, 0),
        tos: ipv4.tos.get(bytes, 0),
        id: ipv4.id.get(bytes, 0),
        dontFragment: ipv4.dontFragment.get(bytes, 0) === 1,
        mark,
      }),
    );
    return this.hear();
  }

  async answer(port: number, address: string, to: number, data: Uint8Array): Promise<Heard> {
    attempt(() => this.services.get(port)!.sendTo(data, parseIpv4(address), to));
    return this.hear();
  }

  async report(): Promise<Report> {
    return { rules: this.run("iptables-save -c"), connections: this.run("conntrack -L") };
  }

  private run(line: string): string {
    const { status, stdout, stderr } = this.host.run(line.split(" "));
    if (status !== 0) throw new Error(`${line}: ${stderr}`);
    return stdout;
  }

  private hear(): Heard {
    this.world.scheduler.runFor(ms(2));
    const seen = [...this.taps].flatMap(([tap, at]) => at.frames.splice(0).map((frame) => ({ tap, frame })));
    const datagrams = [...this.services].flatMap(([port, service]) => {
      const got = [];
      for (let one = service.receive(); one !== null; one = service.receive())
        got.push({
          port,
          address: formatIpv4(one.source),
          from: one.sourcePort,
          data: new Uint8Array(one.bytes),
        });
      return got;
    });
    return { seen, datagrams };
  }
}

/** What a call complains of (EPERM and the like) is not compared: only what comes of it. */
function attempt(call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
}
