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

/** `80` or `1:5`. */
export function portRangeText({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}:${last}`;
}

/** The name of a port, else its number. */
export function portText(port: number, protocol: number, names: NameSource | null): string {
  return names?.portName(port, protocolName(protocol) ?? "") ?? String(port);
}
