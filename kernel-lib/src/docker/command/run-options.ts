import { tryParseIpv4, tryParseMac } from "../../base/addresses.js";
import type { ContainerRequest, PortBinding } from "../container/config.js";
import { DockerError } from "../docker-error.js";
import type { Image } from "../images/image.js";
import { FlagError, type ParsedFlags, splitOnce } from "./flags.js";
import { PortSpecError, parseExpose, parsePortSpec, standardNotation } from "./port-spec.js";
import { ClientError } from "./subcommand.js";

/** Options of `docker run` that the lab has a model for. Any other that is given is refused by name. */
const SUPPORTED = new Set(
  (
    "add-host attach cap-add cap-drop detach dns dns-option dns-search domainname entrypoint env expose help hostname init interactive ip label mac-address memory " +
    "name network network-alias privileged publish publish-all pull quiet restart rm sig-proxy stop-signal stop-timeout tty workdir"
  ).split(" "),
);

/** Throws ClientError for an option that is Docker's but not the lab's. */
export function refuseUnsupported(flags: ParsedFlags, known: readonly { readonly name: string }[]): void {
  for (const { name } of known)
    if (flags.has(name) && !SUPPORTED.has(name))
      throw new ClientError(`docker: option --${name} is not supported here`, 125);
}

/** Puts the command line over the image's configuration (runconfig/opts/parse.go). Throws ClientError or FlagError in the client's words. */
export function containerRequest(
  flags: ParsedFlags,
  image: Image,
  imageText: string,
  command: readonly string[],
  older: boolean,
): ContainerRequest {
  const entrypoint = flags.value("entrypoint");
  const mac = flags.value("mac-address") ?? "";
  if (mac !== "" && tryParseMac(mac) === null)
    throw new ClientError(helped(`${mac} is not a valid mac address`, older), 125);
  const workdir = flags.value("workdir") ?? image.workingDirectory;
  if (workdir !== "" && !workdir.startsWith("/"))
    throw new DockerError(
      `the working directory '${workdir}' is invalid, it needs to be an absolute path`,
      "invalid",
    );
  const detached = flags.bool("detach");
  return {
    name: flags.value("name"),
    image,
    imageText,
    entrypoint: entrypoint === null ? image.entrypoint : entrypoint === "" ? null : [entrypoint],
    command: command.length > 0 ? command : entrypoint === null ? image.command : [],
    env: environment(flags.values("env"), image.env),
    hostname: flags.value("hostname"),
    domainname: flags.value("domainname") ?? "",
    user: flags.value("user") ?? "",
    workingDirectory: workdir,
    tty: flags.bool("tty"),
    openStdin: flags.bool("interactive"),
    attach: !detached,
    labels: pairs(flags.values("label")),
    exposed: exposedPorts(flags.values("expose"), older),
    ports: publishedPorts(flags.values("publish"), older),
    publishAll: flags.bool("publish-all"),
    mac,
    stopSignal: flags.value("stop-signal") ?? image.stopSignal,
    stopTimeout: flags.has("stop-timeout") ? Number(flags.value("stop-timeout")) : null,
    memory: bytes(flags.value("memory")),
    ...networkRequest(flags, older),
    ...hostRequest(flags, older),
  };
}

function networkRequest(
  flags: ParsedFlags,
  older: boolean,
): Pick<ContainerRequest, "networkMode" | "endpoint"> {
  const mode = flags.value("network") ?? "default";
  const address = flags.value("ip");
  const aliases = flags.values("network-alias");
  const predefined = ["default", "bridge", "host", "none"].includes(mode);
  if (aliases.length > 0 && predefined)
    throw new ClientError(
      helped("network-scoped aliases are only supported for user-defined networks", older),
      125,
    );
  const modes = flags.values("network");
  if (modes.length > 1 && !older)
    throw new ClientError("docker: several --network are not supported here", 125);
  if (modes.length > 1)
    throw new DockerError(
      `Container cannot be connected to network endpoints: ${[...modes].sort().join(", ")}`,
      "invalid",
    );
  if (flags.has("mac-address") && (mode === "host" || mode.startsWith("container:")))
    throw new DockerError("conflicting options: mac-address and the network mode", "invalid");
  if (address !== null && predefined && !older)
    throw new DockerError(`user specified IP address is supported on user defined networks only`, "invalid");
  if (address !== null && tryParseIpv4(address) === null && mode !== "default")
    throw new DockerError(`invalid IPv4 address: ${address}`, "invalid");
  return { networkMode: mode, endpoint: { address: mode === "default" ? null : address, aliases } };
}

function hostRequest(
  flags: ParsedFlags,
  older: boolean,
): Pick<
  ContainerRequest,
  | "restart"
  | "autoRemove"
  | "privileged"
  | "capAdd"
  | "capDrop"
  | "dns"
  | "dnsSearch"
  | "dnsOptions"
  | "extraHosts"
  | "sysctls"
> {
  const [name, retries] = splitOnce(flags.value("restart") ?? "no", ":");
  if (!["no", "always", "on-failure", "unless-stopped", ""].includes(name))
    throw new DockerError(`invalid restart policy '${name}'`, "invalid");
  return {
    restart: { name, retries: retries === null ? 0 : Number(retries) },
    autoRemove: flags.bool("rm"),
    privileged: flags.bool("privileged"),
    capAdd: flags.values("cap-add"),
    capDrop: flags.values("cap-drop"),
    dns: flags.values("dns").map((text) => serverAddress(text, older)),
    dnsSearch: flags.values("dns-search"),
    dnsOptions: flags.values("dns-option"),
    extraHosts: flags.values("add-host"),
    sysctls: pairs(flags.values("sysctl")),
  };
}

function serverAddress(text: string, older: boolean): string {
  if (tryParseIpv4(text) !== null) return text;
  const why = older ? `${text} is not an ip address` : `IP address is not correctly formatted: ${text}`;
  throw new FlagError(`invalid argument "${text}" for "--dns" flag: ${why}`);
}

/** `docker: MESSAGE.` and where help is. */
export function helped(message: string, older: boolean): string {
  return older
    ? `docker: ${message.replace(/\.$/, "")}.\nSee 'docker run --help'.`
    : `docker: ${message}\n\nRun 'docker run --help' for more information`;
}

/** `KEY=value` words; a word without `=` has an empty value. */
export function pairs(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(given.map((text) => [splitOnce(text, "=")[0], splitOnce(text, "=")[1] ?? ""]));
}

function environment(given: readonly string[], image: readonly string[]): string[] {
  for (const entry of given)
    if (entry.startsWith("="))
      throw new FlagError(
        `invalid argument "${entry}" for "-e, --env" flag: invalid environment variable: ${entry}`,
      );
  const set = given.filter((entry) => entry.includes("="));
  const names = new Set(set.map((entry) => splitOnce(entry, "=")[0]));
  return [...set, ...image.filter((entry) => !names.has(splitOnce(entry, "=")[0]))];
}

/** `-p`, in the client's words when it is not understood: the newer ones begin small and write IP in capitals. */
function publishedPorts(texts: readonly string[], older: boolean): readonly PortBinding[] {
  return inClientWords(older, () => texts.map(standardNotation).flatMap(parsePortSpec));
}

/** `--expose 80`, `80-82/udp`: each port by itself. */
function exposedPorts(texts: readonly string[], older: boolean): readonly string[] {
  return inClientWords(older, () => texts.flatMap(parseExpose));
}

function inClientWords<T>(older: boolean, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof PortSpecError)) throw error;
    const { message } = error;
    const newer = message[0]!.toLowerCase() + message.slice(1).replace("ip address", "IP address");
    throw new ClientError(helped(older ? message : newer, older), 125);
  }
}

/** `64m`, `1g`: binary units. */
function bytes(text: string | null): number {
  const match = text === null ? null : /^(\d+(?:\.\d+)?)\s*([bkmgt]?)b?$/i.exec(text);
  if (text !== null && match === null)
    throw new FlagError(`invalid argument "${text}" for "-m, --memory" flag: invalid size: '${text}'`);
  return match === null
    ? 0
    : Math.round(Number(match[1]) * 1024 ** "bkmgt".indexOf((match[2] || "b").toLowerCase()));
}
