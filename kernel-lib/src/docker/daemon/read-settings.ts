import {
  type InterfaceAddress,
  networkOf,
  tryParseInterfaceAddress,
  tryParseIpv4,
} from "../../base/addresses.js";
import { jsonSyntaxError } from "../go/json-syntax.js";
import { type AddressBlock, type DaemonSettings, DEFAULT_SETTINGS } from "./settings.js";

/** Why the daemon does not take its configuration file; `late`: it reads the file, and fails when it sets to work. */
export class DaemonConfigError extends Error {
  constructor(
    message: string,
    readonly late = false,
  ) {
    super(message);
  }
}

function networkError(message: string): DaemonConfigError {
  return new DaemonConfigError(`Error initializing network controller: ${message}`, true);
}

interface Pool {
  readonly base?: string;
  readonly size?: number;
}

type GoType = "bool" | "int" | "string" | "[]string" | "pools";

interface Directive {
  readonly type: GoType;
  /** Puts the value into the settings; throws DaemonConfigError. Absent: Docker knows it, the lab does not. */
  readonly apply?: (value: never) => Partial<DaemonSettings>;
}

const bool = (apply: (value: boolean) => Partial<DaemonSettings>): Directive => ({ type: "bool", apply });
const strings = (apply: (value: readonly string[]) => Partial<DaemonSettings>): Directive => ({
  type: "[]string",
  apply,
});
const string = (apply: (value: string) => Partial<DaemonSettings>): Directive => ({ type: "string", apply });
const nothing = () => ({});

/** The directives of daemon.json that the lab knows. Those without effect on what it models are taken and do nothing. */
const DIRECTIVES: Readonly<Record<string, Directive>> = {
  bip: string((value) => ({ bip: value === "" ? null : interfaceAddress(value) })),
  debug: bool(nothing),
  "default-address-pools": {
    type: "pools",
    apply: (value: readonly Pool[]) => (value.length === 0 ? {} : { addressPools: value.map(block) }),
  },
  dns: strings((value) => ({ dns: value.map(server) })),
  "dns-opts": strings((value) => ({ dnsOptions: value })),
  "dns-search": strings((value) => ({ dnsSearch: value })),
  experimental: bool(nothing),
  "fixed-cidr": string((value) => ({ fixedCidr: value === "" ? null : networkOf(interfaceAddress(value)) })),
  icc: bool((icc) => ({ icc })),
  ip: string((value) => ({ ip: value === "" ? DEFAULT_SETTINGS.ip : address(value) })),
  "ip-forward": bool((ipForward) => ({ ipForward })),
  "ip-masq": bool((ipMasquerade) => ({ ipMasquerade })),
  iptables: bool((iptables) => ({ iptables })),
  "log-level": string(nothing),
  mtu: { type: "int", apply: (mtu: number) => ({ mtu: mtu === 0 ? DEFAULT_SETTINGS.mtu : mtu }) },
  "userland-proxy": bool((userlandProxy) => ({ userlandProxy })),
};

/** What Docker knows besides: `dockerd` refuses other names by itself. */
const UNSUPPORTED = (
  "allow-nondistributable-artifacts api-cors-header authorization-plugins bridge cgroup-parent cluster-advertise cluster-store cluster-store-opts config-deprecated-username " +
  "containerd containerd-namespace containerd-plugin-namespace cpu-rt-period cpu-rt-runtime data-root default-cgroupns-mode default-gateway default-gateway-v6 default-ipc-mode " +
  "default-runtime default-shm-size default-ulimits exec-opts exec-root features fixed-cidr-v6 graph group hosts init init-path insecure-registries ip6tables ipv6 labels live-restore " +
  "log-driver log-opts max-concurrent-downloads max-concurrent-uploads max-download-attempts metrics-addr network-control-plane-mtu no-new-privileges node-generic-resources " +
  "oom-score-adjust pidfile raw-logs registry-mirrors rootless runtimes seccomp-profile selinux-enabled shutdown-timeout storage-driver storage-opts swarm-default-advertise-addr " +
  "tls tlscacert tlscert tlskey tlsverify userland-proxy-path userns-remap"
).split(" ");

/** Reads daemon.json. Throws DaemonConfigError in the daemon's words; what Docker has and the lab lacks is refused by name. */
export function readSettings(text: string): DaemonSettings {
  const values = parse(text);
  const names = Object.keys(values);
  const unknown = names
    .filter((name) => !Object.hasOwn(DIRECTIVES, name) && !UNSUPPORTED.includes(name))
    .flatMap((name) => namesWithin(name, values[name]));
  if (unknown.length > 0)
    throw new DaemonConfigError(
      `the following directives don't match any configuration option: ${unknown.join(", ")}`,
    );
  let settings = DEFAULT_SETTINGS;
  for (const name of names) {
    const directive = DIRECTIVES[name];
    if (directive?.apply === undefined)
      throw new DaemonConfigError(`directive "${name}" is not supported here`);
    const value = values[name];
    if (value === null) continue;
    checkType(name, directive.type, value);
    settings = { ...settings, ...directive.apply(value as never) };
  }
  if (!settings.iptables && !settings.icc)
    throw new DaemonConfigError(
      "You specified --iptables=false with --icc=false. ICC=false uses iptables to function. Please set --icc or --iptables to true",
      true,
    );
  return settings;
}

/** Of a directive that is an object the daemon names what is in it (configValuesSet). */
function namesWithin(name: string, value: unknown): readonly string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [name];
}

function parse(text: string): Readonly<Record<string, unknown>> {
  const broken = jsonSyntaxError(text);
  if (broken !== null) throw new DaemonConfigError(broken);
  const value: unknown = JSON.parse(text);
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value))
    throw new DaemonConfigError(
      `json: cannot unmarshal ${goKind(value)} into Go value of type map[string]interface {}`,
    );
  return value as Readonly<Record<string, unknown>>;
}

/** What encoding/json calls a value in its refusals. */
function goKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function checkType(name: string, type: GoType, value: unknown): void {
  const refuse = (kind: string, into: string) =>
    new DaemonConfigError(
      `json: cannot unmarshal ${kind} into Go struct field Config.${name} of type ${into}`,
    );
  if (type === "bool" || type === "string" || type === "int") {
    const right =
      type === "int" ? Number.isSafeInteger(value) : typeof value === (type === "bool" ? "boolean" : type);
    if (!right)
      throw refuse(typeof value === "number" && type === "int" ? `number ${value}` : goKind(value), type);
    return;
  }
  if (!Array.isArray(value)) throw refuse(goKind(value), type === "pools" ? "opts.PoolsOpt" : type);
  for (const item of value) {
    if (type === "[]string" && typeof item !== "string") throw refuse(goKind(item), "string");
    if (type === "pools") checkPool(item);
  }
}

function checkPool(item: unknown): void {
  const { base = "", size = 0, ...others } = (item ?? {}) as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (typeof base !== "string" || !Number.isSafeInteger(size) || other !== undefined)
    throw new DaemonConfigError(
      'directive "default-address-pools" takes objects with a base (a network as text) and a size (a number)',
    );
}

function interfaceAddress(text: string): InterfaceAddress {
  const value = text.includes("/") ? tryParseInterfaceAddress(text) : null;
  if (value === null) throw networkError(`invalid CIDR address: ${text}`);
  return value;
}

function server(text: string): string {
  if (tryParseIpv4(text) === null)
    throw new DaemonConfigError(`configuration validation from file failed: ${text} is not an ip address`);
  return text;
}

function address(text: string): string {
  if (tryParseIpv4(text) === null) throw new DaemonConfigError(`invalid IP address: ${text}`);
  return text;
}

function block({ base = "", size = 0 }: Pool): AddressBlock {
  const at = base.includes("/") ? tryParseInterfaceAddress(base) : null;
  const broken = (why: string) => networkError(`error obtaining controller instance: ${why}`);
  if (at === null) throw broken(`invalid base pool "${base}": invalid CIDR address: ${base}`);
  if (size <= 0 || size < at.prefix || size > 32) throw broken(`invalid pools size: ${size}`);
  return { base: networkOf(at), size };
}
