import { type Ipv4, parseIpv4 } from "../../base/addresses.js";
import type { DestinationSettings, ForwardingMethod } from "../../ipvs/destination.js";
import { DEFAULT_SETTINGS, type ServiceKey, type ServiceSettings } from "../../ipvs/service.js";
import type { NameSource } from "../../netfilter/extension.js";
import { IPPROTO_TCP, IPPROTO_UDP } from "../../wire/ipv4.js";
import { fail, type GivenOption } from "./command-line.js";

/** Persistence without a number of seconds. */
const DEFAULT_PERSISTENCE = 360;
/** 31 days times 12 in seconds, give or take (MAX_TIMEOUT). */
const MAX_TIMEOUT = 86_400 * 365;
const METHODS: Readonly<Record<string, ForwardingMethod>> = { g: "route", i: "tunnel", m: "masq" };
/** Names of scheduler flags, and the bit that each stands for. */
const FLAGS: Readonly<Record<string, number>> = {
  "sh-fallback": 1,
  "sh-port": 2,
  "mh-fallback": 1,
  "mh-port": 2,
  "flag-1": 1,
  "flag-2": 2,
  "flag-3": 4,
};

/** What the options say of service and server. */
export class Values {
  key: ServiceKey = { protocol: IPPROTO_TCP, address: 0, port: 0, fwmark: 0 };
  settings: ServiceSettings = DEFAULT_SETTINGS;
  server: { address: Ipv4; port: number } = { address: 0, port: 0 };
  destination: DestinationSettings = { method: "route", weight: 1, upperThreshold: 0, lowerThreshold: 0 };

  constructor(private readonly names: NameSource) {}

  /** Takes one option in; throws in the tool's words for a value that it does not understand. */
  take({ option, switch: letter, value }: GivenOption): void {
    const text = value ?? "";
    switch (option) {
      case "service-address":
        this.takeService(letter, text);
        return;
      case "scheduler":
        this.settings = { ...this.settings, scheduler: text };
        return;
      case "persistent":
        this.settings = {
          ...this.settings,
          persistence: value === null ? DEFAULT_PERSISTENCE : timeoutOf(text, 1),
        };
        return;
      case "netmask": {
        const netmask = parse(text);
        if (netmask === null) throw fail("illegal virtual server persistent mask specified");
        this.settings = { ...this.settings, netmask };
        return;
      }
      case "ops":
        this.settings = { ...this.settings, onePacket: true };
        return;
      case "sched-flags":
        this.settings = { ...this.settings, schedulerFlags: flagsOf(text) };
        return;
      case "real-server": {
        const server = this.endpoint(text, this.key.fwmark === 0 ? this.key.protocol : IPPROTO_TCP);
        if (server === null) throw fail("illegal real server address[:port] specified");
        this.server = { address: server.address, port: server.port ?? this.key.port };
        return;
      }
      case "forwarding-method":
        this.destination = { ...this.destination, method: METHODS[letter]! };
        return;
      case "weight":
        this.destination = { ...this.destination, weight: numberOf(text, "illegal weight specified") };
        return;
      case "u-threshold": {
        const upperThreshold = numberOf(text, "illegal u_threshold specified");
        this.destination = { ...this.destination, upperThreshold };
        return;
      }
      case "l-threshold": {
        const lowerThreshold = numberOf(text, "illegal l_threshold specified");
        this.destination = { ...this.destination, lowerThreshold };
        return;
      }
      case "tun-type":
        if (text === "gue" || text === "gre")
          throw fail(`ipvsadm: tunnel type "${text}" is not supported here`);
        if (text !== "ipip") throw fail("illegal tunnel type specified");
        return;
      default:
    }
  }

  /** Of a server that is not translated to, the port is the service's. */
  get serverPort(): number {
    const translated = this.destination.method === "masq" || this.key.fwmark !== 0;
    return translated ? this.server.port : this.key.port;
  }

  private takeService(letter: string, text: string): void {
    if (letter === "f") {
      const fwmark = /^(0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : 0;
      if (fwmark < 1 || fwmark > 0xffffffff) throw fail(`invalid fwmark value \`${text}' specified`);
      this.key = { protocol: 0, address: 0, port: 0, fwmark };
      return;
    }
    const protocol = letter === "u" ? IPPROTO_UDP : IPPROTO_TCP;
    if (text.startsWith("[")) throw fail("ipvsadm: IPv6 is not supported here");
    const at = this.endpoint(text, protocol);
    if (at === null) throw fail("illegal virtual server address[:port] specified");
    this.key = { protocol, address: at.address, port: at.port ?? 0, fwmark: 0 };
  }

  private endpoint(text: string, protocol: number): { address: Ipv4; port: number | null } | null {
    const [host = "", service, ...rest] = text.split(":");
    const address = parse(host) ?? (/^[\d.]*$/.test(host) ? undefined : this.names.addresses(host)[0]);
    if (address === undefined || rest.length > 0) return null;
    if (service === undefined) return { address, port: null };
    if (/^\d+$/.test(service)) return Number(service) > 65535 ? null : { address, port: Number(service) };
    const port = this.names.portNumber(service, protocol === IPPROTO_UDP ? "udp" : "tcp");
    return port === null ? null : { address, port };
  }
}

function parse(text: string): Ipv4 | null {
  try {
    return parseIpv4(text);
  } catch {
    return null;
  }
}

function numberOf(text: string, complaint: string): number {
  if (!/^\d+$/.test(text) || Number(text) > 0x7fffffff) throw fail(complaint);
  return Number(text);
}

/** Seconds of persistence or of `--set`. */
export function timeoutOf(text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= MAX_TIMEOUT)) throw fail(`invalid timeout value \`${text}' specified`);
  return value;
}

function flagsOf(text: string): number {
  return text.split(",").reduce((flags, name) => {
    const flag = Object.hasOwn(FLAGS, name) ? FLAGS[name]! : 0;
    if (flag === 0) throw fail(`invalid scheduler flag \`${name}'`);
    return flags | flag;
  }, 0);
}
