import type { NameSource, ParseContext } from "./extension.js";
import { parseUnsigned } from "./options.js";
import { protocolName } from "./protocols.js";
import { RuleError } from "./rule.js";

/** First and last port, both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** A port by number or name (xtables_parse_port). */
export function parsePort(
  text: string,
  context: ParseContext,
  protocol = protocolName(context.protocol) ?? "",
): number {
  const port = parseUnsigned(text, 65535) ?? context.names.portNumber(text, protocol);
  if (port === null) throw new RuleError(`invalid port/service \`${text}' specified`);
  return port;
}

/** `80`, `1:5`, `:5`, `5:`. */
export function parsePortRange(text: string, context: ParseContext): PortRange {
  const colon = text.indexOf(":");
  if (colon < 0) {
    const port = parsePort(text, context);
    return { first: port, last: port };
  }
  const [low, high] = [text.slice(0, colon), text.slice(colon + 1)];
  const first = low === "" ? 0 : parsePort(low, context);
  const last = high === "" ? 65535 : parsePort(high, context);
  if (first > last) throw new RuleError("invalid portrange (min > max)");
  return { first, last };
}

/** The same in newer extensions (XTTYPE_PORTRC): getaddrinfo reads the numbers, which takes those above 65535 without their upper bits, and nothing compares the two. */
export function parsePortPair(
  extension: string,
  option: string,
  text: string,
  context: ParseContext,
): PortRange {
  const parts = text.split(":");
  if (parts.length > 2)
    throw new RuleError(`${extension}: Too many components for option "--${option}" (max: 2)\n`);
  const [low, high] = parts.map((part) => (part === "" ? null : resolvePort(part, context)));
  return { first: low ?? 0, last: (high === undefined ? low : high) ?? 65535 };
}

/** A port by number or name, as getaddrinfo takes it. */
export function resolvePort(text: string, context: ParseContext): number {
  const port =
    parseUnsigned(text, 65535) ??
    (/^\d+$/.test(text)
      ? Number(BigInt(text) % 65536n)
      : (context.names.portNumber(text, protocolName(context.protocol) ?? "") ??
        context.names.portNumber(text, "")));
  if (port === null) throw new RuleError(`Port "${text}" does not resolve to anything.\n`);
  return port;
}

/** `80` or `1:5`. */
export function portRangeText({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}:${last}`;
}

/** The name of a port, else its number. */
export function portText(port: number, protocol: number, names: NameSource | null): string {
  return names?.portName(port, protocolName(protocol) ?? "") ?? String(port);
}
