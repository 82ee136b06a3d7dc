import type { Ipv4 } from "../base/addresses.js";
import type { Device } from "../link/device.js";
import { ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import type { DeviceNames } from "./device-names.js";
import type { HookName } from "./hook.js";

/** A packet as rules see it at one hook. One per namespace, filled anew for each hook, so that evaluation allocates nothing. */
export class PacketView {
  packet!: Packet;
  bytes!: Uint8Array;
  hook: HookName = "PREROUTING";
  input: Device | null = null;
  output: Device | null = null;
  inputName = "";
  outputName = "";
  /** The names as {@link DeviceNames} numbers them. */
  inputNumber: number;
  outputNumber: number;
  /** Offset of the IPv4 header in `bytes`. */
  network = 0;
  /** Offset of the transport header. */
  transport = 0;
  /** One past the last byte. */
  end = 0;
  source: Ipv4 = 0;
  destination: Ipv4 = 0;
  protocol = 0;
  /** In 8-byte units; other than 0 there is no transport header here. */
  fragmentOffset = 0;
  /** A match has found the packet too broken to go on: it is dropped, whatever the rules say (hotdrop). */
  broken = false;
  /** Total length of the IPv4 packet, which byte counters count. */
  length = 0;

  constructor(private readonly names: DeviceNames) {
    this.inputNumber = names.number("");
    this.outputNumber = this.inputNumber;
  }

  load(packet: Packet, hook: HookName, input: Device | null, output: Device | null): void {
    this.packet = packet;
    this.hook = hook;
    this.broken = false;
    this.input = input;
    this.output = output;
    const inputName = input === null ? "" : input.name;
    if (inputName !== this.inputName) {
      this.inputName = inputName;
      this.inputNumber = this.names.number(inputName);
    }
    const outputName = output === null ? "" : output.name;
    if (outputName !== this.outputName) {
      this.outputName = outputName;
      this.outputNumber = this.names.number(outputName);
    }
    this.refresh();
  }

  /** A match's word for a header that is cut off: it does not match, and nothing else will. */
  drop(): false {
    this.broken = true;
    return false;
  }

  /** Reads the header again: a target has changed it. */
  refresh(): void {
    const { packet } = this;
    const { bytes, network } = packet;
    this.bytes = bytes;
    this.network = network;
    this.transport = network + ipv4HeaderLength(bytes, network);
    this.end = packet.end;
    this.source = ipv4.source.get(bytes, network);
    this.destination = ipv4.destination.get(bytes, network);
    this.protocol = ipv4.protocol.get(bytes, network);
    this.fragmentOffset = ipv4.fragmentOffset.get(bytes, network);
    this.length = ipv4.totalLength.get(bytes, network);
  }
}
