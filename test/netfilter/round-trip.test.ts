import fc from "fast-check";
import { expect, test } from "vitest";
import { Tuple } from "../../kernel-lib/src/netfilter/conntrack/connection.js";
import { ruleText } from "../../kernel-lib/src/netfilter/print-rule.js";
import { rewritePacket } from "../../kernel-lib/src/netfilter/rewrite.js";
import { sameRule } from "../../kernel-lib/src/netfilter/rule.js";
import { readCommandLine } from "../../kernel-lib/src/tools/iptables/command-line.js";
import { splitWords } from "../../kernel-lib/src/tools/iptables/iptables-restore.js";
import { addBytes, checksum, finish, pseudoHeaderSum } from "../../kernel-lib/src/wire/checksum.js";
import { fillIpv4Checksum, ipv4 } from "../../kernel-lib/src/wire/ipv4.js";
import { PacketPool } from "../../kernel-lib/src/wire/packet.js";
import { udp } from "../../kernel-lib/src/wire/udp.js";
import { type RuleLine, ruleLine } from "./rule-lines.js";

const port = fc.integer({ min: 1, max: 65534 });

const SERVICES = new Map([
  ["domain", 53],
  ["sunrpc", 111],
]);
const NAMES = {
  portNumber: (name: string) => SERVICES.get(name) ?? null,
  portName: () => null,
  addresses: () => [],
  addressName: () => "",
};

function parse({ table, text }: RuleLine) {
  return readCommandLine(["-t", table, "-A", "T", ...splitWords(text)], {
    names: NAMES,
    chains: () => (name) => name === "U",
    remark: () => {},
  }).rules[0]!;
}

/** As `-m ipvs` is not in every kernel, it is only here among the generated rules. */
const ipvsLine = fc
  .tuple(
    fc.constantFrom("--ipvs", "! --ipvs", "--vproto tcp --vport 80", "! --vaddr 10.0.0.0/8 --vdir REPLY"),
    fc.constantFrom("", " -j ACCEPT"),
  )
  .map(([text, target]): RuleLine => ({ table: "mangle", text: `-m ipvs ${text}${target}` }));

/** What iptables itself leaves out or rounds when it prints: any device, all ports of TCP and UDP, no flag at all, rates. */
const NOT_PRINTED = /-m limit |-[io] \+(?= |$)|port (0?:|0?:65535|:)(?= |$)|--tcp-flags NONE /;

test("10,000 generated rules: what is printed reads as the rule that it was printed from", () => {
  fc.assert(
    fc.property(fc.oneof({ arbitrary: ruleLine, weight: 40 }, { arbitrary: ipvsLine, weight: 1 }), (line) => {
      const rule = parse(line);
      const printed = ruleText(rule);
      const again = parse({ table: line.table, text: printed });
      expect(ruleText(again)).toBe(printed);
      if (!NOT_PRINTED.test(line.text) && !sameRule(again, rule)) expect(again).toEqual(rule);
    }),
    { numRuns: 10_000, seed: 7 },
  );
});

test("a rewritten packet has the checksums of a full computation, and its inverse is the packet as it was", () => {
  const pool = new PacketPool();
  const word = fc.integer({ min: 1, max: 0xffffffff });
  fc.assert(
    fc.property(
      word,
      word,
      word,
      port,
      port,
      port,
      fc.uint8Array({ maxLength: 40 }),
      (source, destination, other, from, to, changed, payload) => {
        const packet = pool.take(28 + payload.length);
        const at = packet.put(28 + payload.length);
        const { bytes } = packet;
        bytes.fill(0, at, packet.end);
        bytes[at] = 0x45;
        ipv4.totalLength.set(bytes, at, packet.length);
        ipv4.ttl.set(bytes, at, 64);
        ipv4.protocol.set(bytes, at, 17);
        ipv4.source.set(bytes, at, source);
        ipv4.destination.set(bytes, at, destination);
        fillIpv4Checksum(bytes, at);
        udp.sourcePort.set(bytes, at + 20, from);
        udp.destinationPort.set(bytes, at + 20, to);
        udp.length.set(bytes, at + 20, 8 + payload.length);
        bytes.set(payload, at + 28);
        const sum = () =>
          finish(
            addBytes(
              pseudoHeaderSum(
                ipv4.source.get(bytes, at),
                ipv4.destination.get(bytes, at),
                17,
                8 + payload.length,
              ),
              bytes,
              at + 20,
              packet.end,
            ),
          );
        udp.checksum.set(bytes, at + 20, sum() || 0xffff);
        packet.network = at;
        const before = packet.copyBytes();
        const tuple = new Tuple(null, 0);
        tuple.source = other;
        tuple.sourcePort = changed;
        rewritePacket(packet, tuple, "source");
        expect(checksum(bytes, at, at + 20)).toBe(0);
        expect(sum()).toBe(0);
        tuple.source = source;
        tuple.sourcePort = from;
        rewritePacket(packet, tuple, "source");
        expect(packet.copyBytes()).toEqual(before);
        packet.release();
      },
    ),
    { numRuns: 500, seed: 7 },
  );
});
