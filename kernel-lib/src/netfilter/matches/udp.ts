import { UDP_LENGTH, udp } from "../../wire/udp.js";
import type { MatchExtension, Test } from "../extension.js";
import type { PacketView } from "../packet-view.js";
import { parsePortPair } from "../ports.js";
import type { MatchValue } from "../rule.js";
import { inside, listPort, type PortTerm, savePort } from "./tcp.js";

/** `-m udp`: ports (xt_tcpudp.c). */
export interface UdpMatch extends MatchValue {
  readonly match: "udp";
  readonly source: PortTerm | null;
  readonly destination: PortTerm | null;
}

class UdpTest implements Test {
  constructor(private readonly value: UdpMatch) {}

  matches(view: PacketView): boolean {
    if (view.fragmentOffset !== 0 || view.protocol !== 17) return false;
    const { bytes, transport, end } = view;
    if (end - transport < UDP_LENGTH) return view.drop();
    const { source, destination } = this.value;
    if (source !== null && !inside(source, udp.sourcePort.get(bytes, transport))) return false;
    return destination === null || inside(destination, udp.destinationPort.get(bytes, transport));
  }
}

export const udpMatch: MatchExtension<UdpMatch> = {
  name: "udp",
  options: [
    { name: "source-port", aliases: ["sport"], words: 1, negatable: true },
    { name: "destination-port", aliases: ["dport"], words: 1, negatable: true },
  ],
  parse(given, context) {
    let source: PortTerm | null = null;
    let destination: PortTerm | null = null;
    for (const { name, words, negated } of given) {
      const term = { ...parsePortPair("udp", name, words[0]!, context), negated };
      if (name === "source-port") source = term;
      else destination = term;
    }
    return { match: "udp", source, destination };
  },
  save: ({ source, destination }) => savePort("sport", source) + savePort("dport", destination),
  list: ({ source, destination }, names) =>
    ` udp${listPort("spt", source, 17, names)}${listPort("dpt", destination, 17, names)}`,
  place: { protocol: 17 },
  compile: (value) => new UdpTest(value),
};
