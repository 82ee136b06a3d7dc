import { ConfigError, type Directive } from "./directives.js";

/** What `proxy_pass` names: where requests go, with its variables still in it. */
export interface ProxyPass {
  readonly url: string;
  readonly directive: Directive;
}

/** Settings that a location has, its server's and http's own included. */
export interface Settings {
  readonly root: string;
  readonly index: readonly string[];
  /** `set $name value`, in order. */
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly errorPages: ReadonlyMap<number, string>;
  /** Address of the name server, and seconds for which its answers hold; without `valid` the answer's own. */
  readonly resolver: { readonly address: string; readonly valid: number | null } | null;
  readonly proxy: ProxyPass | null;
  readonly answer: { readonly status: number; readonly text: string } | null;
  /** Directives in HTML pages are carried out. */
  readonly ssi: boolean;
}

export interface Location {
  readonly exact: boolean;
  readonly path: string;
  readonly settings: Settings;
}

export interface Server {
  readonly ports: readonly number[];
  readonly names: readonly string[];
  readonly settings: Settings;
  readonly locations: readonly Location[];
}

type WordCount = readonly [least: number, most: number];

/** What may stand in `http`, `server` and `location` alike: the inner block's holds. */
const SHARED: Readonly<Record<string, WordCount>> = {
  access_log: [1, 2],
  root: [1, 1],
  index: [1, 99],
  resolver: [1, 9],
  error_page: [2, 99],
  proxy_set_header: [2, 2],
  ssi: [1, 1],
};

/** Directives that are taken, by the block in which they may stand, with the number of words that they have. */
const KNOWN: Readonly<Record<string, Readonly<Record<string, WordCount>>>> = {
  main: {
    user: [1, 2],
    worker_processes: [1, 1],
    error_log: [1, 2],
    pid: [1, 1],
    events: [0, 0],
    http: [0, 0],
  },
  events: { worker_connections: [1, 1] },
  http: {
    ...SHARED,
    default_type: [1, 1],
    log_format: [2, 99],
    sendfile: [1, 1],
    tcp_nopush: [1, 1],
    keepalive_timeout: [1, 2],
    types: [0, 0],
    server: [0, 0],
  },
  server: {
    ...SHARED,
    listen: [1, 9],
    server_name: [1, 99],
    location: [1, 2],
    set: [2, 2],
    return: [1, 2],
  },
  location: {
    ...SHARED,
    set: [2, 2],
    return: [1, 2],
    proxy_pass: [1, 1],
  },
};

/** Directives of nginx itself that the lab does not have: they are refused by name, others are unknown as to nginx. */
const REFUSED = new Set(
  (
    "upstream map geo gzip try_files rewrite if add_header alias auth_basic allow deny expires fastcgi_pass ssl_certificate ssl_certificate_key client_max_body_size limit_req limit_req_zone " +
    "proxy_cache proxy_connect_timeout proxy_read_timeout proxy_send_timeout proxy_http_version proxy_buffering proxy_redirect proxy_next_upstream stream daemon load_module " +
    "resolver_timeout keepalive tcp_nodelay server_tokens internal"
  ).split(" "),
);

const BLOCKS = new Set(["events", "http", "server", "location", "types"]);

const DEFAULTS: Settings = {
  root: "/etc/nginx/html",
  index: ["index.html"],
  variables: [],
  headers: [],
  errorPages: new Map(),
  resolver: null,
  proxy: null,
  answer: null,
  ssi: false,
};

/** Makes servers of a configuration's directives. Throws ConfigError in nginx's words. */
export function readServers(directives: readonly Directive[]): Server[] {
  check("main", directives);
  if (!directives.some(({ name }) => name === "events"))
    throw new ConfigError('no "events" section in configuration');
  for (const { block } of directives.filter(({ name }) => name === "events")) check("events", block!);
  const servers: Server[] = [];
  for (const { block } of directives.filter(({ name }) => name === "http")) {
    check("http", block!);
    const settings = settingsOf(block!, DEFAULTS);
    for (const server of block!.filter(({ name }) => name === "server"))
      servers.push(readServer(server.block!, settings));
  }
  return servers;
}

function check(context: string, list: readonly Directive[]): void {
  for (const directive of list) {
    const { name, args, block } = directive;
    const counts = KNOWN[context]![name];
    if (counts === undefined) {
      if (Object.values(KNOWN).some((known) => known[name] !== undefined))
        fail(directive, `"${name}" directive is not allowed here`);
      fail(
        directive,
        REFUSED.has(name) ? `directive "${name}" is not supported here` : `unknown directive "${name}"`,
      );
    }
    if (BLOCKS.has(name) && block === null) fail(directive, `directive "${name}" has no opening "{"`);
    if (!BLOCKS.has(name) && block !== null) fail(directive, `directive "${name}" is not terminated by ";"`);
    if (args.length < counts[0] || args.length > counts[1])
      fail(directive, `invalid number of arguments in "${name}" directive`);
  }
}

function fail({ file, line }: Directive, text: string): never {
  throw new ConfigError(`${text} in ${file}:${line}`);
}

function readServer(block: readonly Directive[], above: Settings): Server {
  check("server", block);
  const settings = settingsOf(block, above);
  const listens = block.filter(({ name }) => name === "listen");
  const ports = listens.flatMap(readListen);
  return {
    ports: listens.length === 0 ? [80] : [...new Set(ports)],
    names: block.filter(({ name }) => name === "server_name").flatMap(({ args }) => args),
    settings,
    locations: block.filter(({ name }) => name === "location").map((one) => readLocation(one, settings)),
  };
}

/** A port of all IPv4 addresses. IPv6 is not spoken here: `[::]:80` adds nothing. */
function readListen(directive: Directive): number[] {
  const [where = "", ...more] = directive.args;
  const [, host, port = "80"] = /^(?:(\[.*\]|\*|[\w.]+(?=:)):?)?(\d+)?$/.exec(where) ?? [];
  if (Number(port) < 1 || Number(port) > 65535)
    fail(directive, `invalid port in "${where}" of the "listen" directive`);
  const other = more.find((word) => word !== "default_server");
  if (other !== undefined) fail(directive, `the "listen" parameter "${other}" is not supported here`);
  if (host?.startsWith("[")) return [];
  if (host !== undefined && host !== "*" && host !== "0.0.0.0")
    fail(directive, `"listen" on the address "${host}" is not supported here`);
  return [Number(port)];
}

function readLocation(directive: Directive, above: Settings): Location {
  const { args, block } = directive;
  const [modifier, path] = args.length === 2 ? [args[0]!, args[1]!] : ["", args[0]!];
  if (modifier.startsWith("~") || path.startsWith("~") || path.startsWith("@"))
    fail(directive, `location "${args.join(" ")}" is not supported here`);
  if (!["", "=", "^~"].includes(modifier)) fail(directive, `invalid location modifier "${modifier}"`);
  check("location", block!);
  return {
    exact: modifier === "=",
    path,
    settings: settingsOf(block!, { ...above, proxy: null, answer: null }),
  };
}

/** The settings of a block: its own over those above it. */
function settingsOf(block: readonly Directive[], above: Settings): Settings {
  let settings = above;
  const headers = block.filter(({ name }) => name === "proxy_set_header");
  if (headers.length > 0)
    settings = { ...settings, headers: headers.map(({ args }) => [args[0]!, args[1]!]) };
  for (const directive of block) settings = { ...settings, ...settingOf(directive, settings) };
  return settings;
}

function settingOf(directive: Directive, settings: Settings): Partial<Settings> {
  const { name, args } = directive;
  switch (name) {
    case "root":
      return { root: args[0]! };
    case "index":
      return { index: args };
    case "set":
      if (!args[0]!.startsWith("$")) fail(directive, `invalid variable name "${args[0]}"`);
      return { variables: [...settings.variables, [args[0]!.slice(1), args[1]!]] };
    case "error_page": {
      const codes = args.slice(0, -1).map(Number);
      return {
        errorPages: new Map([...settings.errorPages, ...codes.map((code) => [code, args.at(-1)!] as const)]),
      };
    }
    case "ssi":
      if (args[0] !== "on" && args[0] !== "off")
        fail(directive, `invalid value "${args[0]}" in "ssi" directive, it must be "on" or "off"`);
      return { ssi: args[0] === "on" };
    case "resolver":
      return { resolver: readResolver(directive) };
    case "return":
      return { answer: { status: Number(args[0]), text: args[1] ?? "" } };
    case "proxy_pass":
      if (!/^http:\/\/|\$/.test(args[0]!))
        fail(directive, args[0]!.startsWith("https:") ? "https is not supported here" : "invalid URL prefix");
      return { proxy: { url: args[0]!, directive } };
    default:
      return {};
  }
}

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };

function readResolver(directive: Directive): Settings["resolver"] {
  const [address = "", ...more] = directive.args;
  let valid: number | null = null;
  for (const word of more) {
    const [, number, unit = ""] = /^valid=(\d+)([smhd]?)$/.exec(word) ?? [];
    if (number !== undefined) valid = Number(number) * UNITS[unit]!;
    else if (word !== "ipv6=off") fail(directive, `invalid parameter: ${word}`);
  }
  return { address, valid };
}
