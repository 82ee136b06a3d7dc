import { tryParseIpv4 } from "../../base/addresses.js";
import { DockerError } from "../docker-error.js";
import type { GatewayMode } from "../firewall/layout.js";
import type { EngineVersion } from "../versions/engine-version.js";

/** What `docker network create -o` says of a bridge (libnetwork's labels), read as the daemon reads them. */
export interface BridgeOptions {
  readonly icc: boolean;
  readonly masquerade: boolean;
  /** The machine's address that `-p` without one binds to; null: all of them. */
  readonly hostBinding: string | null;
  /** Source address of what leaves; null: that of the device by which it leaves. */
  readonly hostAddress: string | null;
  readonly gatewayMode: GatewayMode;
  /** The bridge gets no address. */
  readonly inhibitIpv4: boolean;
  /** What a container's devices are called, before their number. */
  readonly devicePrefix: string;
  /** Of the network's devices. */
  readonly mtu: number | null;
  /** Of the bridge from its beginning; null: it follows its ports. */
  readonly bridgeMtu: number | null;
}

const ICC = "com.docker.network.bridge.enable_icc";
const MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";
const HOST_BINDING = "com.docker.network.bridge.host_binding_ipv4";
const HOST_ADDRESS = "com.docker.network.host_ipv4";
const GATEWAY_MODE = "com.docker.network.bridge.gateway_mode_ipv4";
const INHIBIT_IPV4 = "com.docker.network.bridge.inhibit_ipv4";
const MTU = "com.docker.network.driver.mtu";
const DEVICE_PREFIX = "com.docker.network.container_iface_prefix";

const GATEWAY_MODES: readonly string[] = ["nat", "nat-unprotected", "routed", "isolated"];

/** Options that the daemon knows and the lab does not. */
const UNSUPPORTED = ["com.docker.network.bridge.trusted_host_interfaces", "com.docker.network.enable_ipv6"];

function failed(label: string, value: string, reason: string): DockerError {
  return new DockerError(`failed to parse ${label} value: ${value} (${reason})`, "invalid");
}

/** strconv.ParseBool. */
function boolean(options: ReadonlyMap<string, string>, label: string, otherwise: boolean): boolean {
  const text = options.get(label);
  if (text === undefined) return otherwise;
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return false;
  throw failed(label, text, `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** strconv.Atoi. */
function integer(options: ReadonlyMap<string, string>, label: string): number | null {
  const text = options.get(label);
  if (text === undefined) return null;
  if (!/^[+-]?\d+$/.test(text))
    throw failed(label, text, `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

function address(options: ReadonlyMap<string, string>, label: string, otherwise: string): string | null {
  const text = options.get(label);
  if (text === undefined) return null;
  if (tryParseIpv4(text) === null) throw failed(label, text, otherwise);
  return text;
}

function gatewayMode(options: ReadonlyMap<string, string>): GatewayMode {
  const text = options.get(GATEWAY_MODE) ?? "nat";
  if (!GATEWAY_MODES.includes(text)) throw failed(GATEWAY_MODE, text, `unknown gateway mode ${text}`);
  return text as GatewayMode;
}

/** Reads the options as a release does, which passes over labels that it does not know. Throws DockerError in the daemon's words. */
export function bridgeOptions(
  options: ReadonlyMap<string, string>,
  { gatewayModes, sizesBridges }: Pick<EngineVersion, "gatewayModes" | "sizesBridges">,
): BridgeOptions {
  for (const label of UNSUPPORTED)
    if (options.has(label)) throw new DockerError(`network option ${label} is not supported here`, "invalid");
  const mtu = integer(options, MTU);
  if (mtu !== null && mtu < 0) throw new DockerError(`invalid MTU number: ${mtu}`, "invalid");
  const bound = address(options, HOST_BINDING, "nil ip");
  return {
    icc: boolean(options, ICC, true),
    masquerade: boolean(options, MASQUERADE, true),
    hostBinding: bound === "0.0.0.0" ? null : bound,
    hostAddress: address(options, HOST_ADDRESS, "nil ip"),
    gatewayMode: gatewayModes ? gatewayMode(options) : "nat",
    inhibitIpv4: boolean(options, INHIBIT_IPV4, false),
    devicePrefix: options.get(DEVICE_PREFIX) ?? "eth",
    mtu,
    bridgeMtu: sizesBridges ? mtu : null,
  };
}
