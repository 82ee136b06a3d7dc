import { parseDocument, type YAMLParseError } from "yaml";
import { ComposeError, interpolateAll } from "./interpolate.js";
import { type ComposeMap, checkFile, isMapping } from "./schema.js";

/** A Compose file, or several put together. */
export interface ComposeFile {
  readonly services: ReadonlyMap<string, ComposeMap>;
  readonly networks: ReadonlyMap<string, ComposeMap>;
  readonly volumes: ReadonlyMap<string, ComposeMap>;
}

const VERSIONS = /^3(\.(\d|1[0-3]))?$/;

/** Options of a service that Docker itself passes over. */
const IGNORED =
  "build cap_add cap_drop cgroupns_mode cgroup_parent devices domainname external_links ipc links mac_address network_mode pid privileged restart security_opt shm_size userns_mode".split(
    " ",
  );

const DEPRECATED: Readonly<Record<string, string>> = {
  container_name: "Setting the container name is not supported.",
  expose:
    "Exposing ports is unnecessary - services on the same network can access each other's containers on any port.",
};

const LIMITS = "Set resource limits using deploy.resources";
const FORBIDDEN: Readonly<Record<string, string>> = {
  extends: "Support for `extends` is not implemented yet.",
  volume_driver:
    "Instead of setting the volume driver on the service, define a volume using the top-level `volumes` option and specify the driver there.",
  volumes_from:
    "To share a volume between services, define it using the top-level `volumes` option and reference it from each service that shares it using the service-level `volumes` option.",
  cpu_quota: LIMITS,
  cpu_shares: LIMITS,
  cpuset: LIMITS,
  mem_limit: LIMITS,
  memswap_limit: LIMITS,
};

/** Reads one file (loader.ParseYAML, loader.Load). Throws ComposeError in the client's words. */
export function readComposeFile(text: string, env: ReadonlyMap<string, string>): ComposeMap {
  const document = parseDocument(text, { version: "1.1", merge: true });
  const [error] = document.errors;
  if (error !== undefined) throw new ComposeError(yamlRefusal(error));
  const value: unknown = document.toJS();
  if (!isMapping(value)) throw new ComposeError("Top-level object must be a mapping");
  checkVersion(value);
  refuseForbidden(value);
  const sections = ["services", "networks", "volumes", "secrets", "configs"];
  const whole = Object.fromEntries(
    Object.entries(value).map(([key, section]) => [
      key,
      sections.includes(key) ? interpolateAll(section, key, env) : section,
    ]),
  );
  checkFile(whole);
  return whole;
}

/** What go-yaml says of the mistakes that are made most; of others what this parser says, in its form. */
function yamlRefusal({ message, linePos }: YAMLParseError): string {
  const line = linePos?.[0].line ?? 1;
  if (message.startsWith("Tabs are not allowed"))
    return `yaml: line ${line}: found character that cannot start any token`;
  const flow = /^Flow (sequence|map) .* end with/.exec(message)?.[1];
  if (flow !== undefined)
    return `yaml: line ${line - 1}: did not find expected ',' or '${flow === "map" ? "}" : "]"}'`;
  return `yaml: line ${line}: ${message.split(" at line ")[0]}`;
}

function checkVersion(file: ComposeMap): void {
  const version = file.version ?? "1.0";
  if (typeof version !== "string") throw new ComposeError("version must be a string");
  if (!VERSIONS.test(version)) throw new ComposeError(`unsupported Compose file version: ${version}`);
}

function refuseForbidden(file: ComposeMap): void {
  const found = new Map<string, string>();
  for (const service of servicesOf(file))
    for (const [key, why] of Object.entries(FORBIDDEN)) if (key in service) found.set(key, why);
  if (found.size === 0) return;
  const lines = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, why]) => `${key}: ${why}`);
  throw new ComposeError(`Compose file contains unsupported options:\n\n${lines.join("\n\n")}\n`);
}

function servicesOf({ services }: ComposeMap): readonly ComposeMap[] {
  return isMapping(services) ? Object.values(services).filter(isMapping) : [];
}

/** What the client says of options that it passes over. */
export function ignoredOptions(file: ComposeMap): string {
  const given = new Set(servicesOf(file).flatMap((service) => Object.keys(service)));
  const ignored = IGNORED.filter((key) => given.has(key)).sort();
  const deprecated = Object.entries(DEPRECATED).filter(([key]) => given.has(key));
  return [
    ignored.length > 0 ? `Ignoring unsupported options: ${ignored.join(", ")}\n\n` : "",
    deprecated.length > 0
      ? `Ignoring deprecated options:\n\n${deprecated.map(([key, why]) => `${key}: ${why}`).join("\n\n")}\n\n`
      : "",
  ].join("");
}

/** Puts files together: later ones are laid over earlier ones. */
export function mergeFiles(files: readonly ComposeMap[]): ComposeFile {
  const merged = files.reduce((before, file) => merge(before, file) as ComposeMap, {});
  const section = (name: string) => {
    const value = merged[name];
    const entries = isMapping(value) ? Object.entries(value) : [];
    return new Map(entries.map(([key, item]) => [key, isMapping(item) ? item : {}]));
  };
  return { services: section("services"), networks: section("networks"), volumes: section("volumes") };
}

function merge(before: unknown, after: unknown): unknown {
  if (isMapping(before) && isMapping(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return Object.fromEntries(
      [...keys].map((key) => [key, key in after ? merge(before[key], after[key]) : before[key]]),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) return [...before, ...after];
  return after;
}
