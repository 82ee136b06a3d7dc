import {
  type InterfaceAddress,
  type Ipv4,
  type Mac,
  tryParseInterfaceAddress,
  tryParseIpv4,
  tryParseMac,
} from "../../base/addresses.js";
import type { Device } from "../../link/device.js";
import type { Netns } from "../../stack/netns.js";
import { ToolExit } from "../tool-exit.js";

/** iproute2's `matches`: a non-empty beginning of a keyword stands for it. */
export function matches(word: string, keyword: string): boolean {
  return word !== "" && keyword.startsWith(word);
}

/** `Error: argument "x" is wrong: …` (invarg): texts that end in a newline are printed with a second one, as the tool does. */
export function invalidArgument(word: string, message: string): ToolExit {
  return new ToolExit(255, `Error: argument "${word}" is wrong: ${message}\n`);
}

/** `Error: either "dev" is duplicate, or "x" is a garbage.` (duparg2) */
export function garbage(key: string, word: string): ToolExit {
  return new ToolExit(255, `Error: either "${key}" is duplicate, or "${word}" is a garbage.\n`);
}

export function incomplete(): ToolExit {
  return new ToolExit(255, 'Command line is not complete. Try option "help"\n');
}

/** A part of the real command that this one lacks. */
export function unsupported(what: string, tool = "ip"): ToolExit {
  return new ToolExit(1, `${tool}: ${what} is not supported here\n`);
}

export function cannotFind(name: string, status = 1): ToolExit {
  return new ToolExit(status, `Cannot find device "${name}"\n`);
}

/** The words of a command line, read from left to right. */
export class Words {
  private at = 0;
  constructor(private readonly words: readonly string[]) {}

  get done(): boolean {
    return this.at >= this.words.length;
  }

  /** The word to read next; "" at the end. */
  get peek(): string {
    return this.words[this.at] ?? "";
  }

  /** Takes a word; the tool's complaint when there is none (NEXT_ARG). */
  next(): string {
    const word = this.words[this.at++];
    if (word === undefined) throw incomplete();
    return word;
  }

  /** Takes all that is left. */
  rest(): readonly string[] {
    const rest = this.words.slice(this.at);
    this.at = this.words.length;
    return rest;
  }
}

/** An unsigned number, decimal or 0x…; null for anything else (get_unsigned). */
export function readUnsigned(text: string, max = 0xffffffff): number | null {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) return null;
  const value = Number(text);
  return value <= max ? value : null;
}

export function readNumber(words: Words, name: string, max?: number): number {
  const word = words.next();
  const value = readUnsigned(word, max);
  if (value === null) throw invalidArgument(word, `Invalid "${name}" value\n`);
  return value;
}

/** iproute2 completes missing groups of a prefix with zeros: `10.0.0/24` is 10.0.0.0/24. */
function completed(text: string): string {
  const [head = "", ...tail] = text.split("/");
  const groups = head.split(".");
  if (!/^\d+(\.\d+){0,2}$/.test(head)) return text;
  return [[...groups, "0", "0", "0"].slice(0, 4).join("."), ...tail].join("/");
}

/** `default`, `any`, `all` are 0.0.0.0/0; `10/8` is completed; a netmask may stand after the slash. */
export function readPrefix(word: string): InterfaceAddress {
  if (word === "default" || word === "any" || word === "all") return { address: 0, prefix: 0 };
  const at = tryParseInterfaceAddress(completed(word)) ?? readMasked(word);
  if (at !== null) return at;
  if (looksLikeIpv6(word)) throw unsupported(`IPv6 address "${word}"`);
  throw new ToolExit(1, `Error: any valid prefix is expected rather than "${word}".\n`);
}

function readMasked(word: string): InterfaceAddress | null {
  const [head = "", mask = "", ...rest] = word.split("/");
  const address = tryParseIpv4(head);
  const bits = tryParseIpv4(mask);
  if (address === null || bits === null || rest.length > 0) return null;
  const prefix = Math.clz32(~bits >>> 0);
  return (prefix === 32 ? bits === 0xffffffff : (bits << prefix) >>> 0 === 0) ? { address, prefix } : null;
}

export function looksLikeIpv6(word: string): boolean {
  return (
    /^[0-9a-f:.]+(\/\d+)?$/i.test(word) &&
    word.includes(":") &&
    !/^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(word)
  );
}

export function readAddress(word: string): Ipv4 {
  const address = tryParseIpv4(completed(word));
  if (address !== null) return address;
  if (looksLikeIpv6(word)) throw unsupported(`IPv6 address "${word}"`);
  throw new ToolExit(1, `Error: inet address is expected rather than "${word}".\n`);
}

/** A link-layer address; `length` is how many bytes were written, -1 when the text is none (ll_addr_a2n). */
export function readLinkAddress(word: string): { readonly mac: Mac; readonly length: number } {
  const whole = tryParseMac(word);
  if (whole !== null) return { mac: whole, length: 6 };
  const groups = word.split(":");
  if (!groups.every((group) => /^[0-9a-f]{1,2}$/i.test(group)))
    throw new ToolExit(1, `"${word}" is invalid lladdr.\n`);
  return {
    mac: groups.reduce((mac, group) => mac * 256 + Number.parseInt(group, 16), 0),
    length: groups.length,
  };
}

/** check_ifname: 1 to 15 characters, no slash, no white space. The kernel checks the length. */
export function isInterfaceName(name: string): boolean {
  return name !== "" && !/[/\s]/.test(name);
}

export function findDevice(netns: Netns, name: string): Device {
  const device = netns.device(name);
  if (device === undefined) throw cannotFind(name);
  return device;
}

/** `on` or `off`, for the option `name` (parse_on_off). */
export function readOnOff(words: Words, name: string): boolean {
  const word = words.next();
  if (word === "on") return true;
  if (word === "off") return false;
  throw new ToolExit(1, `Error: argument of "${name}" must be "on" or "off", not "${word}"\n`);
}
