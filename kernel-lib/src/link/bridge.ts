import { isMulticastMac, type Mac } from "../base/addresses.js";
import { invariant } from "../base/assert.js";
import { type Nanoseconds, seconds } from "../base/units.js";
import type { BridgeEvent } from "../trace/events.js";
import { ETHERNET_LENGTH, ethernet } from "../wire/ethernet.js";
import type { Packet } from "../wire/packet.js";
import type { BridgeNetfilter } from "./bridge-netfilter.js";
import { BridgePort, mayFlood } from "./bridge-port.js";
import { Device, type Home, type OperState } from "./device.js";
import { Fdb, FdbEntry } from "./fdb.js";
import { FEATURES_OF } from "./feature-names.js";
import { Features } from "./features.js";
import { VLAN_ALLOWANCE } from "./veth.js";
import { Vxlan } from "./vxlan.js";

/** 01:80:c2:00:00:0X: link-local groups that a bridge does not forward (IEEE 802.1D, table 7-10). */
const LINK_LOCAL_GROUP = 0x0180c2000000;
const STP_GROUP = LINK_LOCAL_GROUP;
const PAUSE_GROUP = LINK_LOCAL_GROUP + 1;
/** STP path cost of a port whose speed nobody knows (port_cost): a VXLAN device that is bound to no other. */
const UNKNOWN_SPEED_COST = 100;
/** BR_MAX_PORTS. */
export const MAX_BRIDGE_PORTS = 1024;

/** A Linux bridge: a learning Ethernet switch whose own device is one more way out (net/bridge). */
export class Bridge extends Device {
  readonly kind = "bridge";
  readonly features = new Features(FEATURES_OF.bridge);
  /** In the order in which they joined. */
  readonly ports: BridgePort[] = [];
  readonly fdb = new Fdb();
  /** Learned entries are forgotten this long after they were last refreshed (ageing_time, 300 s). */
  ageingTime: Nanoseconds = seconds(300);
  /** Spanning tree: off; only shown. */
  readonly stp: boolean = false;
  /** The MAC was set by hand (NET_ADDR_SET) and does not follow the ports. */
  macSet = false;
  /** The MTU was set by hand and does not follow the ports. */
  mtuSet = false;
  netfilter: BridgeNetfilter | null = null;
  /** The VLAN that ports are in from the start (default_pvid); 0: none, and own addresses are known for no VLAN only. */
  defaultPvid: 0 | 1 = 1;
  private learned: BridgeEvent["learned"] = "no";
  private portsRun = true;
  private hadPorts = false;

  constructor(home: Home, name: string, mac: Mac) {
    super(home, name, mac);
    this.uncounted = ETHERNET_LENGTH;
    this.fdb.add(new FdbEntry(mac, 1, null, home.world.scheduler.now)).local = true;
  }

  override get operState(): OperState {
    if (!this.up) return "DOWN";
    if (!this.hadPorts && !this.macSet) return "UNKNOWN";
    return this.carrier ? "UP" : "DOWN";
  }

  /**
   * Carrier while one of its ports forwards; a bridge that has never had a port is thought to have it, as in Linux. A loss shows at once here; a
   * real kernel gathers link events and tells of a loss up to 1 s later (net/core/link_watch.c).
   */
  get carrier(): boolean {
    return this.up && this.portsRun;
  }

  /** The bridge identifier `8000.0242101ec868`; the address part is zero until a port or a MAC set by hand gives it one. */
  get id(): string {
    const mac = this.hadPorts || this.macSet ? this.mac : 0;
    return `8000.${mac.toString(16).padStart(12, "0")}`;
  }

  portOf(device: Device): BridgePort | undefined {
    return this.ports.find((port) => port.device === device);
  }

  /** Live entries, newest first as the kernel lists them; aged ones are left out. */
  listFdb(): readonly FdbEntry[] {
    this.fdb.removeWhere((entry) => this.aged(entry));
    return this.fdb.newestFirst();
  }

  /** The live entry for `mac` on VLAN 0. */
  lookupFdb(mac: Mac): FdbEntry | null {
    const entry = this.fdb.find(mac);
    return entry === null || this.aged(entry) ? null : entry;
  }

  /** Enslaves a device (br_add_if): local entries for its MAC, the bridge's MAC and MTU follow. The caller has checked that it may. */
  addPort(device: Device): BridgePort {
    let number = 1;
    while (this.ports.some((port) => port.number === number)) number++;
    const port = new BridgePort(this, device, number);
    if (device instanceof Vxlan && device.config.lower === null) port.pathCost = UNKNOWN_SPEED_COST;
    this.ports.push(port);
    this.hadPorts = true;
    device.master = this;
    device.frameHandler = port;
    device.promiscuity++;
    this.addLocal(device.mac, port);
    this.portChanged(port);
    return port;
  }

  /** Frees a device (br_del_if): all its entries go. */
  removePort(port: BridgePort): void {
    const at = this.ports.indexOf(port);
    invariant(at >= 0, "a port of another bridge");
    this.ports.splice(at, 1);
    port.device.master = null;
    port.device.frameHandler = null;
    port.device.promiscuity--;
    port.state = "disabled";
    this.fdb.removeWhere((entry) => entry.port === port);
    this.follow();
  }

  /** A port went up or down, or changed its MAC: state, own entries, the bridge's MAC, MTU and carrier follow. */
  portChanged(port: BridgePort): void {
    const state = port.device.up && port.device.carrier && this.up ? "forwarding" : "disabled";
    if (state !== port.state) {
      port.state = state;
      if (state === "disabled")
        this.fdb.removeWhere((entry) => entry.port === port && !entry.local && !entry.static);
    }
    if (this.fdb.find(port.device.mac)?.port !== port) {
      this.fdb.removeWhere((entry) => entry.port === port && entry.local && !entry.userMade);
      this.addLocal(port.device.mac, port);
    }
    this.follow();
  }

  override setUp(up: boolean): void {
    if (this.up === up) return;
    this.up = up;
    for (const port of this.ports) port.state = up && port.device.running ? "forwarding" : "disabled";
    if (!up) this.fdb.removeWhere((entry) => !entry.local && !entry.static);
    this.countRunning();
    this.refresh();
  }

  /**
   * Sets the MAC as the administrator does: from now on it stays. The bridge looks at its ports then (br_stp_change_bridge_id selects port
   * states), so one without ports loses its carrier: that is why a fresh docker0 shows NO-CARRIER.
   */
  setMac(mac: Mac): void {
    this.macSet = true;
    this.changeMac(mac);
    this.countRunning();
    this.refresh();
  }

  /** A frame of a port (br_handle_frame). */
  input(port: BridgePort, packet: Packet): void {
    const { bytes, start } = packet;
    const source = ethernet.source.get(bytes, start);
    const destination = ethernet.destination.get(bytes, start);
    if (isMulticastMac(source) || source === 0) {
      port.device.drop(packet, "NOT_SPECIFIED");
      return;
    }
    if (destination >= LINK_LOCAL_GROUP && destination < LINK_LOCAL_GROUP + 16 && destination !== STP_GROUP) {
      if (destination === PAUSE_GROUP) {
        port.device.drop(packet, "NOT_SPECIFIED");
        return;
      }
      port.device.home.receive(packet, port.device);
      return;
    }
    if (port.state !== "forwarding") {
      port.device.drop(packet, "BRIDGE_INGRESS_STP_STATE");
      return;
    }
    packet.elapsed += this.home.world.costs.bridge;
    let to = destination;
    if (this.netfilter !== null) {
      packet.bridgeInput = port.device.name;
      const verdict = this.netfilter.preRouting(this, port, packet);
      if (verdict === "drop") {
        this.drop(packet, "NETFILTER_DROP");
        return;
      }
      if (verdict === "stolen") return;
      to = ethernet.destination.get(packet.bytes, packet.start);
    }
    this.learned = port.learning ? this.learn(source, port) : "no";
    this.decide(port, packet, to);
  }

  /** A frame that br_netfilter had taken goes on. */
  resume(port: BridgePort, packet: Packet): void {
    this.learned = port.learning ? this.learn(ethernet.source.get(packet.bytes, packet.start), port) : "no";
    this.decide(port, packet, ethernet.destination.get(packet.bytes, packet.start));
  }

  /** Chooses the ways out of a frame of a port (br_handle_frame_finish). */
  private decide(port: BridgePort, packet: Packet, destination: Mac): void {
    if (isMulticastMac(destination)) {
      if (this.home.world.recorder !== null) this.record(port, packet, destination, "group", null);
      this.flood(port, packet, destination, true);
      return;
    }
    const entry = this.lookupFdb(destination);
    if (entry === null) {
      if (this.home.world.recorder !== null) this.record(port, packet, destination, "miss", null);
      this.flood(port, packet, destination, this.promiscuity > 0);
      return;
    }
    entry.usedAt = this.home.world.scheduler.now;
    if (entry.local) {
      if (this.home.world.recorder !== null) this.record(port, packet, destination, "local", null);
      this.arrive(packet);
      return;
    }
    if (this.home.world.recorder !== null) this.record(port, packet, destination, "hit", entry.port);
    const out = entry.port!;
    if (this.promiscuity > 0) this.arrive(this.copy(packet));
    if (out.state !== "forwarding" || (out === port && !port.hairpin)) {
      this.drop(packet, "BRIDGE_NO_EGRESS_PORT");
      return;
    }
    this.forward(port, out, packet);
  }

  /** The host sends by the bridge (br_dev_xmit). */
  protected send(packet: Packet): void {
    packet.elapsed += this.home.world.costs.bridge;
    const destination = ethernet.destination.get(packet.bytes, packet.start);
    this.learned = "no";
    const entry = isMulticastMac(destination) ? null : this.lookupFdb(destination);
    const out = entry?.port ?? null;
    if (this.home.world.recorder !== null) {
      const fdb = isMulticastMac(destination) ? "group" : entry === null ? "miss" : "hit";
      this.record(null, packet, destination, fdb, out);
    }
    if (entry === null) {
      this.flood(null, packet, destination, false);
      return;
    }
    if (out === null || out.state !== "forwarding") {
      this.drop(packet, "BRIDGE_NO_EGRESS_PORT");
      return;
    }
    this.forward(null, out, packet);
  }

  /** A copy for each port that may have it, in the order of joining; the host too when `up`. */
  private flood(from: BridgePort | null, packet: Packet, destination: Mac, up: boolean): void {
    let last: BridgePort | null = null;
    for (const port of this.ports) {
      if (!mayFlood(port, from, destination)) continue;
      if (last !== null) this.forward(from, last, this.copy(packet));
      last = port;
    }
    if (last !== null) this.forward(from, last, up ? this.copy(packet) : packet);
    if (up) this.passUp(packet);
    else if (last === null) this.drop(packet, "BRIDGE_NO_EGRESS_PORT");
  }

  private passUp(packet: Packet): void {
    if (this.netfilter === null || this.netfilter.localIn(packet) === "accept") this.arrive(packet);
    else this.drop(packet, "NETFILTER_DROP");
  }

  private forward(from: BridgePort | null, to: BridgePort, packet: Packet): void {
    if (this.netfilter !== null) {
      packet.bridgeOutput = to.device.name;
      const verdict = from === null ? "accept" : this.netfilter.forward(this, from, to, packet);
      const last = verdict === "accept" ? this.netfilter.postRouting(this, from, to, packet) : verdict;
      if (last === "drop") {
        this.drop(packet, "NETFILTER_DROP");
        return;
      }
      if (last === "stolen") return;
    }
    this.push(to, packet);
  }

  /** Sends by a port; a frame that is too large for it and not to be cut is dropped without a word (br_dev_queue_push_xmit, is_skb_forwardable). */
  push(to: BridgePort, packet: Packet): void {
    if (packet.length > to.device.mtu + ETHERNET_LENGTH + VLAN_ALLOWANCE && packet.gsoSize === 0) {
      this.drop(packet, "PKT_TOO_BIG");
      return;
    }
    to.device.transmit(packet);
  }

  private copy(packet: Packet): Packet {
    const copy = packet.clone();
    copy.elapsed += this.home.world.costs.clone;
    copy.branch = this.home.world.nextBranch();
    return copy;
  }

  private learn(source: Mac, port: BridgePort): BridgeEvent["learned"] {
    // br_fdb_update: who sets the ageing time to 0 wants every frame flooded.
    if (this.ageingTime === 0) return "no";
    const { now } = this.home.world.scheduler;
    const entry = this.fdb.find(source);
    if (entry === null) {
      this.fdb.add(new FdbEntry(source, 0, port, now));
      return "new";
    }
    if (entry.local) return "no";
    const was = entry.port;
    const aged = this.aged(entry);
    entry.updatedAt = now;
    if (was === port) return aged ? "new" : "known";
    entry.port = port;
    return "moved";
  }

  private aged(entry: FdbEntry): boolean {
    if (entry.local || entry.static) return false;
    return this.home.world.scheduler.now - entry.updatedAt >= this.ageingTime;
  }

  /** Own addresses: one entry and its copy for the default VLAN. The first owner of an address keeps it. */
  private addLocal(mac: Mac, port: BridgePort | null): void {
    const { now } = this.home.world.scheduler;
    if (mac === 0 || this.fdb.find(mac)?.local) return;
    this.fdb.removeWhere((entry) => entry.mac === mac);
    const vlans = this.defaultPvid === 0 ? [0] : [0, this.defaultPvid];
    for (const vlan of vlans) this.fdb.add(new FdbEntry(mac, vlan, port, now)).local = true;
  }

  private changeMac(mac: Mac): void {
    this.fdb.removeWhere((entry) => entry.port === null && entry.local && !entry.userMade);
    this.mac = mac;
    this.addLocal(mac, null);
  }

  /** MAC: the lowest of the ports', unless set (br_stp_recalculate_bridge_id). MTU: the least of the ports' (br_mtu_auto_adjust). */
  private follow(): void {
    this.countRunning();
    let lowest = 0;
    let mtu = 0;
    for (const port of this.ports) {
      if (lowest === 0 || port.device.mac < lowest) lowest = port.device.mac;
      if (mtu === 0 || port.device.mtu < mtu) mtu = port.device.mtu;
    }
    if (!this.macSet && lowest !== this.mac) this.changeMac(lowest);
    if (!this.mtuSet) this.mtu = mtu === 0 ? 1500 : mtu;
    this.refresh();
  }

  private countRunning(): void {
    this.portsRun =
      (!this.hadPorts && !this.macSet) || this.ports.some((port) => port.state === "forwarding");
  }

  private record(
    port: BridgePort | null,
    packet: Packet,
    destination: Mac,
    fdb: BridgeEvent["fdb"],
    hit: BridgePort | null,
  ): void {
    const { recorder, scheduler } = this.home.world;
    if (recorder === null || packet.journey === 0) return;
    const up = port !== null && (fdb === "group" || fdb === "local" || this.promiscuity > 0);
    const out = hit !== null && !up ? hit.nameList : this.waysOut(port, destination, fdb, hit, up);
    recorder.record({
      kind: "bridge",
      journey: packet.journey,
      branch: packet.branch,
      at: scheduler.now + packet.elapsed,
      machine: this.home.machine,
      netns: this.home.label,
      bridge: this.name,
      port: port === null ? this.name : port.device.name,
      destination,
      fdb,
      out,
      learned: this.learned,
    });
  }

  /** All that a frame leaves by, for its trace; the bridge's own name stands for the host. */
  private waysOut(
    port: BridgePort | null,
    destination: Mac,
    fdb: BridgeEvent["fdb"],
    hit: BridgePort | null,
    up: boolean,
  ): readonly string[] {
    const out: string[] = hit === null ? [] : [hit.device.name];
    if (fdb === "miss" || fdb === "group") {
      for (const other of this.ports) if (mayFlood(other, port, destination)) out.push(other.device.name);
    }
    if (up) out.push(this.name);
    return out;
  }
}
