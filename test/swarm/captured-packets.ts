import { normalise } from "../support/normalise.js";

/**
 * The packets of a `tcpdump -n -e -vv` listing as blocks of lines, each direction by itself, without what differs by nature: times, sequence numbers,
 * IP ids but 0, ephemeral ports, checksums (the recorded veths leave them to nobody), MACs of machines and bridges, the outer UDP port (a hash with a secret of each machine's).
 * Which side closes first is the slower machine's affair: what a FIN acknowledges and bare acknowledgements are left out, but that of the handshake.
 */
export function packets(text: string): Readonly<Record<string, readonly string[]>> {
  const sides: Record<string, string[]> = {};
  for (const block of blocks(text)) {
    const side = sideOf(block);
    sides[side] ??= [];
    sides[side]!.push(block);
  }
  return sides;
}

function blocks(text: string): readonly string[] {
  const shown = text
    .split(/^\d\d:\d\d:\d\d\.\d{6} /m)
    .slice(1)
    .filter((block) => !/ICMP6|IPv6|192\.168\.56\.\d+ (tell|is-at)/.test(block))
    .filter((block) => !BARE_ACKNOWLEDGEMENT.test(block))
    .map((block) => plain(block.trimEnd()))
    .join("\n\f");
  return normalise(shown, { commandLine: false }).split("\n\f");
}

function plain(block: string): string {
  return block
    .replace(/^([\da-f:]{17}) > ([\da-f:]{17})(?=.*\n +192\.168)/, "A > B")
    .replace(/^(02:42:\S+) > (02:42:\S+)(?=.*\n +(192|172)\.)/, "A > B")
    .replace(/\bid [1-9]\d*/g, "id N")
    .replace(/(192\.168\.56\.1|10\.255\.0\.[234])\.\d{5}\b/g, "$1.PORT")
    .replace(/(192\.168\.56\.\d+)\.\d{4,5} > (\S+)\.4789/, "$1.OUTER > $2.4789")
    .replace(/cksum 0x[\da-f]+ \((correct|incorrect -> 0x[\da-f]+)\)/g, "cksum C")
    .replace(/\[(bad udp cksum 0x[\da-f]+ -> 0x[\da-f]+!|udp sum ok)\]/g, "[udp cksum C]")
    .replace(/seq \d{5,}/g, "seq S")
    .replace(/ack \d{5,}/g, "ack A")
    .replace(/(Flags \[F\.\].* ack )\d+/g, "$1A")
    .replace(/TS val \d+ ecr [1-9]\d*/g, "TS val V ecr E")
    .replace(/TS val \d+ ecr 0/g, "TS val V ecr 0")
    .replace(/(Date|Last-Modified): .*GMT/g, "$1: D")
    .replace(/ETag: ".*"/g, "ETag: E")
    .replace(/Hello, \w{12}/g, "Hello, ID");
}

/** But that of the handshake. */
const BARE_ACKNOWLEDGEMENT = /Flags \[\.\], cksum \S+ \(.*?\), (?!seq 1, ack 1,).*length 0/;

/** Which way it goes: by its innermost addresses. */
function sideOf(block: string): string {
  if (block.includes("ARP")) return "arp";
  const [, from] = /([\d.]+)\.(?:PORT|\d+) > (?![\d.]+\.4789)/.exec(block) ?? [];
  return from ?? "other";
}
