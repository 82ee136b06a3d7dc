import fc from "fast-check";
import { expect, test } from "vitest";
import { Tuple } from "../../kernel-lib/src/netfilter/conntrack/connection.js";
import { ruleText } from "../../kernel-lib/src/netfilter/print-rule.js";
import { rewritePacket } from "../../kernel-lib/src/netfilter/rewrite.js";
import { readCommandLine } from "../../kernel-lib/src/tools/iptables/command-line.js";
import { splitWords } from "../../kernel-lib/src/tools/iptables/iptables-restore.js";
import { addBytes, checksum, finish, pseudoHeaderSum } from "../../kernel-lib/src/wire/checksum.js";
import { fillIpv4Checksum, ipv4 } from "../../kernel-lib/src/wire/ipv4.js";
import { PacketPool } from "../../kernel-lib/src/wire/packet.js";
import { udp } from "../../kernel-lib/src/wire/udp.js";

const NAMES = { portNumber: () => null, portName: () => null, addresses: () => [], addressName: () => "" };

function parse(line: string) {
  return readCommandLine(["-A", "X", ...splitWords(line)], {
    names: NAMES,
    chains: () => (name) => name === "USER",
    remark: () => {},
  }).rules[0]!;
}

const not = (word: fc.Arbitrary<string>) =>
  fc.tuple(fc.boolean(), word).map(([negated, text]) => (negated ? `! ${text}` : text));
const maybe = (word: fc.Arbitrary<string>) => fc.option(word, { nil: "" });
const byte = fc.integer({ min: 0, max: 255 });
const address = fc
  .tuple(byte, byte, byte, byte, fc.integer({ min: 1, max: 32 }))
  .map(([a, b, c, d, p]) => `${a}.${b}.${c}.${d}/${p}`);
const port = fc.integer({ min: 1, max: 65534 });
const ports = fc.oneof(
  port.map(String),
  fc.tuple(port, port).map(([a, b]) => `${Math.min(a, b)}:${Math.max(a, b)}`),
);
const device = fc.constantFrom("eth0", "docker0", "veth+", "br-0a1b2c3d4e5f");
const text = fc.string({ minLength: 1, maxLength: 28, unit: fc.constantFrom(..."abz09 -_'\"\\:.,é") });
const quote = (word: string) => `"${word.replace(/["\\]/g, "\\$&")}"`;
const transport = fc.oneof(
  fc.constant(""),
  fc
    .tuple(
      fc.constantFrom("tcp", "udp"),
      maybe(not(ports.map((p) => `--sport ${p}`))),
      maybe(not(ports.map((p) => `--dport ${p}`))),
    )
    .map(([p, s, d]) => `-p ${p} -m ${p} ${s} ${d}`),
  fc.constantFrom(
    "-p tcp --syn",
    "-p tcp ! --tcp-flags ALL NONE",
    "-p icmp --icmp-type 8",
    "-p icmp ! --icmp-type 3/4",
    "! -p 47",
    "-p tcp -m multiport --dports 80,443,1000:2000",
  ),
);
const match = fc.oneof(
  fc
    .constantFrom(
      "--ctstate RELATED,ESTABLISHED",
      "! --ctstate DNAT",
      "--ctstatus ASSURED --ctdir REPLY",
      "--ctorigdst 10.0.0.0/8 --ctexpire 5:9",
    )
    .map((w) => `-m conntrack ${w}`),
  fc.constantFrom(
    "-m state --state NEW",
    "-m addrtype --dst-type LOCAL",
    "-m addrtype ! --src-type MULTICAST --limit-iface-in",
    "-m mark ! --mark 0x1/0xff",
    "-m physdev --physdev-is-bridged",
  ),
  fc.constantFrom(
    "-m limit --limit 5/min",
    "-m statistic --mode nth --every 3 --packet 1",
    "-m length --length 60:90",
    "-m ttl --ttl-lt 3",
    "-m iprange --src-range 1.1.1.1-2.2.2.2",
    "-m pkttype --pkt-type broadcast",
  ),
  text.map((word) => `-m comment --comment ${quote(word)}`),
);
const target = fc.oneof(
  fc.constantFrom(
    "",
    "-j ACCEPT",
    "-j DROP",
    "-j RETURN",
    "-j USER",
    "-g USER",
    "-j REJECT",
    "-j MASQUERADE",
    "-j MARK --set-mark 0x5",
    "-j DNAT --to-destination 1.2.3.4-1.2.3.9 --persistent",
    "-j CONNMARK --save-mark",
    "-j CT --notrack",
    "-j TTL --ttl-dec 1",
  ),
  text.map((word) => `-j LOG --log-prefix ${quote(word)} --log-level 6`),
);
const line = fc
  .tuple(
    maybe(not(address.map((a) => `-s ${a}`))),
    maybe(not(address.map((a) => `-d ${a}`))),
    maybe(not(device.map((d) => `-i ${d}`))),
    maybe(not(device.map((d) => `-o ${d}`))),
    transport,
    fc.array(match, { maxLength: 2 }),
    target,
  )
  .map((words) =>
    words
      .flat()
      .filter((word) => word !== "")
      .join(" "),
  );

test("what is printed reads as the rule that it was printed from", () => {
  fc.assert(
    fc.property(line, (words) => {
      const rule = parse(words);
      const printed = ruleText(rule);
      expect(parse(printed)).toEqual(rule);
      expect(ruleText(parse(printed))).toBe(printed);
    }),
    { numRuns: 3000, seed: 7 },
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
