import type { Ipv4 } from "../../base/addresses.js";
import { addBytes, finish, pseudoHeaderSum } from "../../wire/checksum.js";
import { IPPROTO_TCP } from "../../wire/ipv4.js";
import type { Packet } from "../../wire/packet.js";
import { TCP_FIN, TCP_LENGTH, TCP_SYN, tcp, tcpHeaderLength } from "../../wire/tcp.js";
import { readTcpOptions, TcpOptions } from "../../wire/tcp-options.js";

/** One received segment, read out of its packet. The record is filled again for each segment. */
export class Segment {
  source: Ipv4 = 0;
  destination: Ipv4 = 0;
  sourcePort = 0;
  destinationPort = 0;
  sequence = 0;
  acknowledgement = 0;
  flags = 0;
  window = 0;
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the payload starts in `bytes`, and its length. */
  payload = 0;
  length = 0;
  /** Payload of the segments that it was sent as: its own length, unless it came as a super-packet. */
  size = 0;
  /** The journey of the packet that carried it. */
  journey = 0;
  readonly options = new TcpOptions();

  /** Sequence numbers that it takes: payload, SYN and FIN. */
  get span(): number {
    return this.length + (this.flags & TCP_SYN ? 1 : 0) + (this.flags & TCP_FIN ? 1 : 0);
  }

  /** Reads the packet's TCP header. Returns null when it is sound, else why it is not. */
  read(packet: Packet, source: Ipv4, destination: Ipv4): "PKT_TOO_SMALL" | "TCP_CSUM" | null {
    const { bytes, transport: at, end } = packet;
    const size = end - at;
    if (size < TCP_LENGTH) return "PKT_TOO_SMALL";
    const header = tcpHeaderLength(bytes, at);
    if (header < TCP_LENGTH || header > size) return "PKT_TOO_SMALL";
    if (packet.checked !== at) {
      const pseudo = pseudoHeaderSum(source, destination, IPPROTO_TCP, size);
      if (finish(addBytes(pseudo, bytes, at, end)) !== 0) return "TCP_CSUM";
    }
    this.source = source;
    this.destination = destination;
    this.sourcePort = tcp.sourcePort.get(bytes, at);
    this.destinationPort = tcp.destinationPort.get(bytes, at);
    this.sequence = tcp.sequence.get(bytes, at);
    this.acknowledgement = tcp.acknowledgement.get(bytes, at);
    this.flags = tcp.flags.get(bytes, at);
    this.window = tcp.window.get(bytes, at);
    this.bytes = bytes;
    this.payload = at + header;
    this.length = size - header;
    this.size = packet.gsoSize === 0 ? this.length : packet.gsoSize;
    this.journey = packet.journey;
    readTcpOptions(bytes, at, header, (this.flags & TCP_SYN) !== 0, this.options);
    return null;
  }
}
