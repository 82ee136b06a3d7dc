import { tryParseIpv4 } from "../../base/addresses.js";
import type { PortBinding } from "../container/config.js";
import { parsesAsIpv6 } from "./ipv6-text.js";

/** Why a port is not understood, in the words of the client's older releases. */
export class PortSpecError extends Error {}

type Protocol = PortBinding["protocol"];

const PROTOCOLS: readonly string[] = ["tcp", "udp", "sctp"];

/** `published=8080,target=80,protocol=udp` is short for `8080:80/udp` (convertToStandardNotation). */
export function standardNotation(text: string): string {
  if (!text.includes("=")) return text;
  const values = new Map([["protocol", "tcp"]]);
  for (const part of text.split(",")) {
    const [name = "", value] = part.split("=");
    if (value === undefined)
      throw new PortSpecError(`invalid publish opts format (should be name=value but got '${part}')`);
    values.set(name, value);
  }
  return `${values.get("published") ?? ""}:${values.get("target") ?? ""}/${values.get("protocol")}`;
}

/** `[IP:][HOST:]CONTAINER[/PROTOCOL]`, each port a number or a range (nat.ParsePortSpec). Throws PortSpecError. */
export function parsePortSpec(text: string): readonly PortBinding[] {
  const parts = text.split(":");
  const [protocol, container] = splitProtocol(parts.at(-1)!);
  const host = parts.at(-2) ?? "";
  const hostIp = readHostIp(parts.slice(0, -2).join(":"));
  if (container === "") throw new PortSpecError(`No port specified: ${text}<empty>`);
  const inside = parsePortRange(container);
  if (inside === null) throw new PortSpecError(`Invalid containerPort: ${container}`);
  const outside = host === "" ? null : parsePortRange(host);
  if (host !== "" && outside === null) throw new PortSpecError(`Invalid hostPort: ${host}`);
  const [first, last] = inside;
  const sameLength = outside === null || outside[1] - outside[0] === last - first;
  if (!sameLength && first !== last)
    throw new PortSpecError(
      `Invalid ranges specified for container and host Ports: ${container} and ${host}`,
    );
  if (!PROTOCOLS.includes(protocol.toLowerCase())) throw new PortSpecError(`Invalid proto: ${protocol}`);
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    hostIp,
    hostPort: hostPortText(outside, i, first === last),
    containerPort: first + i,
    protocol: protocol.toLowerCase() as Protocol,
  }));
}

/** A range of the machine's ports for one container port is where a free one is looked for. */
function hostPortText(range: readonly [number, number] | null, i: number, single: boolean): string {
  if (range === null) return "";
  const [first, last] = range;
  return single && first !== last ? `${first}-${last}` : String(first + i);
}

/** Net's SplitHostPort takes the brackets off an IPv6 address and refuses one without. */
function readHostIp(text: string): string {
  const bracketed = /^\[([^\]]*)\]$/.exec(text);
  if (bracketed === null && text.includes(":"))
    throw new PortSpecError(`Invalid ip address ${text}: address ${text}:: too many colons in address`);
  const ip = bracketed?.[1] ?? text;
  if (ip !== "" && tryParseIpv4(ip) === null && !parsesAsIpv6(ip))
    throw new PortSpecError(`Invalid ip address: ${ip}`);
  return ip;
}

/** `80/udp` as protocol and port; TCP when none is said (nat.SplitProtoPort). */
export function splitProtocol(text: string): readonly [protocol: string, port: string] {
  const [port = "", protocol = ""] = text.split("/");
  return port === "" ? ["", ""] : [protocol === "" ? "tcp" : protocol, port];
}

/** `80`, `80-82/udp` as `80/udp`, `81/udp` …. Throws PortSpecError. */
export function parseExpose(text: string): readonly string[] {
  if (text.includes(":")) throw new PortSpecError(`invalid port format for --expose: ${text}`);
  const [protocol, port] = splitProtocol(text);
  const range = parsePortRange(port);
  if (range === null)
    throw new PortSpecError(`invalid range format for --expose: ${text}, error: ${rangeComplaint(port)}`);
  return Array.from({ length: range[1] - range[0] + 1 }, (_, i) => `${range[0] + i}/${protocol}`);
}

/** Why a range is none, in the words of nat.ParsePortRange. */
function rangeComplaint(text: string): string {
  if (text === "") return "Empty string specified for ports.";
  for (const part of text.split("-").slice(0, 2)) {
    const complaint = portComplaint(part);
    if (complaint !== null) return complaint;
  }
  return `Invalid range specified for the Port: ${text}`;
}

/** What strconv.ParseUint says of a text that is no port; null for a port. */
export function portComplaint(text: string): string | null {
  if (parsePort(text) !== null) return null;
  const why = /^\d+$/.test(text) ? "value out of range" : "invalid syntax";
  return `strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`;
}

/** `80` or `80-82` (nat.ParsePortRange). Null when it is neither. */
export function parsePortRange(text: string): readonly [first: number, last: number] | null {
  const [first = "", last = first] = text.split("-");
  const numbers = [first, last].map(parsePort);
  const [from, to] = numbers;
  return from === null || to === null || to! < from! ? null : [from!, to!];
}

/** strconv.ParseUint with 16 bits. */
function parsePort(text: string): number | null {
  return /^\d+$/.test(text) && Number(text) <= 65_535 ? Number(text) : null;
}
