import { ComposeError } from "./interpolate.js";

/** What a value may be: a type by its JSON name, one of several, a list or a mapping of something, a mapping with known keys. */
export type Schema =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "any"
  | { readonly oneOf: readonly Schema[] }
  | { readonly list: Schema }
  | { readonly map: Schema }
  | { readonly keys: Readonly<Record<string, Schema>>; readonly orNull?: boolean };

export type ComposeMap = Readonly<Record<string, unknown>>;

const scalar: Schema = { oneOf: ["string", "number"] };
const texts: Schema = { list: "string" };
const textOrTexts: Schema = { oneOf: ["string", texts] };
const pairs: Schema = { oneOf: [{ map: "any" }, texts] };

const UPDATE: Schema = {
  keys: {
    parallelism: "integer",
    delay: "string",
    failure_action: "string",
    monitor: "string",
    max_failure_ratio: "number",
    order: "string",
  },
};
const RESOURCES: Schema = {
  keys: { cpus: scalar, memory: "string", pids: "integer", generic_resources: "any" },
};

const DEPLOY: Schema = {
  keys: {
    mode: "string",
    endpoint_mode: "string",
    replicas: "integer",
    labels: pairs,
    update_config: UPDATE,
    rollback_config: UPDATE,
    resources: { keys: { limits: RESOURCES, reservations: RESOURCES } },
    restart_policy: {
      keys: { condition: "string", delay: "string", max_attempts: "integer", window: "string" },
    },
    placement: {
      keys: {
        constraints: texts,
        preferences: { list: { keys: { spread: "string" } } },
        max_replicas_per_node: "integer",
      },
    },
  },
};

const PORT: Schema = {
  oneOf: [
    "number",
    "string",
    { keys: { mode: "string", target: "integer", published: "integer", protocol: "string" } },
  ],
};

const VOLUME: Schema = {
  oneOf: [
    "string",
    {
      keys: {
        type: "string",
        source: "string",
        target: "string",
        read_only: "boolean",
        consistency: "string",
        bind: "any",
        volume: "any",
        tmpfs: "any",
      },
    },
  ],
};

const ANY = (words: string) => Object.fromEntries(words.split(" ").map((word) => [word, "any" as const]));

const SERVICE: Schema = {
  keys: {
    ...ANY(
      "build cap_add cap_drop cgroup_parent cgroupns_mode configs container_name cpu_quota cpu_shares cpuset credential_spec depends_on devices domainname " +
        "env_file expose extends external_links healthcheck ipc isolation links logging mac_address mem_limit memswap_limit network_mode pid secrets security_opt " +
        "shm_size tmpfs ulimits userns_mode volume_driver volumes_from",
    ),
    image: "string",
    command: textOrTexts,
    entrypoint: textOrTexts,
    deploy: DEPLOY,
    dns: textOrTexts,
    dns_search: textOrTexts,
    environment: pairs,
    extra_hosts: pairs,
    hostname: "string",
    init: "boolean",
    labels: pairs,
    networks: { oneOf: [texts, { map: "any" }] },
    ports: { list: PORT },
    privileged: "boolean",
    read_only: "boolean",
    restart: "string",
    stdin_open: "boolean",
    stop_grace_period: "string",
    stop_signal: "string",
    sysctls: pairs,
    tty: "boolean",
    user: "string",
    volumes: { list: VOLUME },
    working_dir: "string",
  },
};

const NETWORK: Schema = {
  orNull: true,
  keys: {
    name: "string",
    driver: "string",
    driver_opts: { map: scalar },
    ipam: { keys: { driver: "string", config: { list: { keys: { subnet: "string" } } } } },
    external: { oneOf: ["boolean", { keys: { name: "string" } }] },
    internal: "boolean",
    attachable: "boolean",
    labels: pairs,
  },
};

const FILE: Schema = {
  keys: {
    version: "string",
    services: { map: SERVICE },
    networks: { map: NETWORK },
    volumes: { map: "any" },
    secrets: { map: "any" },
    configs: { map: "any" },
  },
};

/** Throws ComposeError where a file is not what the Compose file format says. Keys that begin with `x-` are the user's own: at the top from 3.4 on, everywhere from 3.7. */
export function checkFile(file: ComposeMap): void {
  const minor = Number(String(file.version).split(".")[1] ?? 0);
  check(minor >= 4 ? withoutExtensions(file, minor >= 7) : file, FILE, "");
}

function withoutExtensions(value: unknown, deep: boolean): unknown {
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).filter(([key]) => !key.startsWith("x-"));
  return Object.fromEntries(entries.map(([key, item]) => [key, deep ? withoutExtensions(item, deep) : item]));
}

function check(value: unknown, schema: Schema, path: string): void {
  const refusal = refusalOf(value, schema, path);
  if (refusal !== null) throw new ComposeError(refusal);
}

const at = (path: string) => (path === "" ? "(root)" : path);
const below = (path: string, key: string | number) => (path === "" ? String(key) : `${path}.${key}`);

function refusalOf(value: unknown, schema: Schema, path: string): string | null {
  if (schema === "any") return null;
  if (typeof schema === "string") return isA(value, schema) ? null : `${at(path)} must be a ${schema}`;
  if ("oneOf" in schema) return noneOf(value, schema.oneOf, path);
  if ("list" in schema) {
    if (!Array.isArray(value)) return `${at(path)} must be a list`;
    return first(value.map((item, i) => refusalOf(item, schema.list, below(path, i))));
  }
  if (!isMapping(value))
    return value === null && ("map" in schema || schema.orNull) ? null : `${at(path)} must be a mapping`;
  if ("map" in schema)
    return first(Object.entries(value).map(([key, item]) => refusalOf(item, schema.map, below(path, key))));
  return first(
    Object.entries(value).map(([key, item]) => {
      const known = Object.hasOwn(schema.keys, key) ? schema.keys[key] : undefined;
      if (known !== undefined) return item === null ? null : refusalOf(item, known, below(path, key));
      return `${at(path)} Additional property ${key} is not allowed`;
    }),
  );
}

const first = (refusals: readonly (string | null)[]) => refusals.find((refusal) => refusal !== null) ?? null;

function noneOf(value: unknown, choices: readonly Schema[], path: string): string | null {
  const refusals = choices.map((choice) => refusalOf(value, choice, path));
  if (refusals.includes(null)) return null;
  return refusals.find((refusal) => !refusal!.startsWith(`${at(path)} must be a`)) ?? refusals[0]!;
}

export function isMapping(value: unknown): value is ComposeMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isA(value: unknown, type: "string" | "integer" | "number" | "boolean"): boolean {
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}
