import { tryParseIpv6 } from "../ipv6-text.js";
import { FilterError } from "./filter-error.js";
import { etherHost, ipv4Host, ipv6Host } from "./host-conditions.js";
import type { Layout } from "./layout.js";
import { type Condition, either } from "./machine.js";
import { ethertypeByName, ipProtocolByName } from "./names.js";
import { namedPort, namedPortRange, portCondition, portProtocol } from "./port-conditions.js";
import { protoCondition } from "./proto-conditions.js";
import type { Qualifier } from "./qualifier.js";
import type { TokenReader } from "./token-reader.js";

const NOT_ETHER = "ethernet address used in non-ether expression";

/** Reads one name, number or address and gives what it means under its qualifiers. */
export function identifier(
  reader: TokenReader,
  layout: Layout,
  qualifier: Qualifier | null,
  resolveHost: (name: string) => readonly number[],
): Condition {
  const token = reader.take();
  if (qualifier === null) {
    throw new FilterError(token.kind === "EID" ? NOT_ETHER : "syntax error in filter expression");
  }
  switch (token.kind) {
    case "NUM":
      return numberCondition(layout, token.value, qualifier);
    case "HID":
      return ipv4Condition(reader, layout, token.text, qualifier);
    case "HID6":
      return ipv6Condition(reader, layout, token.text, qualifier);
    case "EID":
      return macCondition(layout, token.text, qualifier);
    case "AID":
      throw new FilterError("aid supported only on ARCnet");
    default:
      return nameCondition(layout, token.text, qualifier, resolveHost);
  }
}

function numberCondition(layout: Layout, value: number, qualifier: Qualifier): Condition {
  switch (qualifier.type) {
    case "port":
    case "portrange":
      return portCondition(layout, value, value, portProtocol(qualifier), qualifier);
    case "proto":
      return protoCondition(layout, value, qualifier);
    case "gateway":
      throw new FilterError("'gateway' requires a name");
    default: {
      if (qualifier.protocol === "link") throw new FilterError("illegal link layer address");
      let [address, mask] = [value, 0xffffffff];
      while (qualifier.type === "net" && address !== 0 && address >>> 24 === 0) {
        address = (address << 8) >>> 0;
        mask = (mask << 8) >>> 0;
      }
      return ipv4Host(layout, address, mask, qualifier);
    }
  }
}

function ipv4Condition(reader: TokenReader, layout: Layout, text: string, qualifier: Qualifier): Condition {
  const { kind } = reader.peek();
  if (kind === "/" || kind === "mask") return maskedCondition(reader, layout, text, qualifier);
  const { type } = qualifier;
  if (type === "port" || type === "portrange" || type === "proto") {
    throw new FilterError(`'${type}' modifier applied to ip host`);
  }
  const { address, bits } = dotted(text);
  if (qualifier.protocol === "link") throw new FilterError("illegal link layer address");
  if (type === "gateway") throw new FilterError("'gateway' requires a name");
  return ipv4Host(layout, promote(address, bits), prefixOf(bits), qualifier);
}

function maskedCondition(reader: TokenReader, layout: Layout, text: string, qualifier: Qualifier): Condition {
  const slash = reader.take().kind === "/";
  const operand = reader.expect(slash ? "NUM" : "HID");
  const network = dotted(text);
  const address = promote(network.address, network.bits);
  let mask: number;
  if (slash) {
    if (operand.value > 32) throw new FilterError("mask length must be <= 32");
    mask = prefixOf(operand.value);
  } else {
    const given = dotted(operand.text);
    mask = promote(given.address, given.bits);
  }
  if ((address & ~mask) !== 0) {
    throw new FilterError(
      `non-network bits set in "${text}${slash ? `/${operand.value}` : ` mask ${operand.text}`}"`,
    );
  }
  if (qualifier.type !== "net") throw new FilterError("Mask syntax for networks only");
  return ipv4Host(layout, address, mask, qualifier);
}

/** `10.1` and the like: the bytes that are there, and how many bits they are (__pcap_atoin). */
function dotted(text: string): { address: number; bits: number } {
  const parts = text.split(".").map(Number);
  if (parts.some((part) => !(part <= 255))) throw new FilterError(`invalid IPv4 address '${text}'`);
  return { address: parts.reduce((sum, part) => sum * 256 + part, 0), bits: parts.length * 8 };
}

function promote(address: number, bits: number): number {
  return bits === 32 ? address : (address << (32 - bits)) >>> 0;
}

function prefixOf(bits: number): number {
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
}

function ipv6Condition(reader: TokenReader, layout: Layout, text: string, qualifier: Qualifier): Condition {
  let prefix = 128;
  if (reader.peek().kind === "/") {
    reader.take();
    prefix = reader.expect("NUM").value;
  }
  const address = tryParseIpv6(text);
  if (address === null) throw new FilterError(`bogus IPv6 address ${text}`);
  if (prefix > 128) throw new FilterError("mask length must be <= 128");
  const outside = address.some(
    (byte, index) => (byte & (0xff >>> Math.min(8, Math.max(0, prefix - index * 8)))) !== 0,
  );
  if (outside) throw new FilterError(`non-network bits set in "${text}/${prefix}"`);
  const { type } = qualifier;
  if (type !== null && type !== "host" && type !== "net")
    throw new FilterError("invalid qualifier against IPv6 address");
  if (type !== "net" && prefix !== 128) throw new FilterError("Mask syntax for networks only");
  return ipv6Host(layout, address, prefix, qualifier);
}

function macCondition(layout: Layout, text: string, { protocol, direction, type }: Qualifier): Condition {
  if (protocol !== "link" || (type !== null && type !== "host")) {
    throw new FilterError(NOT_ETHER);
  }
  const digits =
    /[:-]/.test(text) || text.split(".").length === 6
      ? text.split(/[:.-]/)
      : (text.replaceAll(".", "").match(/../g) ?? []);
  return etherHost(
    layout,
    digits.map((part) => Number.parseInt(part, 16)),
    direction,
  );
}

function nameCondition(
  layout: Layout,
  name: string,
  qualifier: Qualifier,
  resolveHost: (name: string) => readonly number[],
): Condition {
  const { protocol, type } = qualifier;
  switch (type) {
    case "port":
      return namedPort(layout, name, qualifier);
    case "portrange":
      return namedPortRange(layout, name, qualifier);
    case "net":
      throw new FilterError(`unknown network '${name}'`);
    case "gateway":
      throw new FilterError("'gateway' not supported in this configuration");
    case "proto":
      return namedProto(layout, name, qualifier);
    default: {
      if (protocol === "link") {
        if (!layout.isEthernet) {
          throw new FilterError(
            "only ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel supports link-level host name",
          );
        }
        throw new FilterError(`unknown ether host '${name}'`);
      }
      const conditions = resolveHost(name).map((address) => ipv4Host(layout, address, 0xffffffff, qualifier));
      if (conditions.length === 0) throw new FilterError(`unknown host '${name}'`);
      return conditions.reduce(either);
    }
  }
}

function namedProto(layout: Layout, name: string, qualifier: Qualifier): Condition {
  const { protocol } = qualifier;
  if (protocol !== null && protocol !== "ip" && protocol !== "ip6" && protocol !== "link") {
    throw new FilterError(`unknown protocol: ${name}`);
  }
  const number = protocol === "link" ? ethertypeByName(name) : ipProtocolByName(name);
  if (number === undefined)
    throw new FilterError(`unknown ${protocol === "link" ? "ether" : "ip"} proto '${name}'`);
  return protoCondition(layout, number, qualifier);
}
