import { BuildError } from "./build-error.js";
import { expandWord, expandWords, readPairs } from "./expand.js";
import { type Handler, type ImageConfig, type Outcome, variablesOf } from "./stage.js";

/** A list as Go prints it with %q: `["node" "server.ts"]`. */
export function goList(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(" ")}]`;
}

const configured = (text: string, config: ImageConfig): Outcome => ({ kind: "config", text, config });

export const env: Handler = (_, stage, { rest }) => {
  const variables = variablesOf(stage);
  const pairs = readPairs("ENV", rest).map(([key, value]): [string, string] => [
    key,
    expandWord(value, variables),
  ]);
  const { config } = stage;
  let list = [...config.env];
  for (const [key, value] of pairs) {
    const at = list.findIndex((entry) => entry.startsWith(`${key}=`));
    if (at < 0) list = [...list, `${key}=${value}`];
    else list[at] = `${key}=${value}`;
  }
  return configured(`ENV ${pairs.map(([key, value]) => `${key}=${value}`).join(" ")}`, {
    ...config,
    env: list,
  });
};

export const label: Handler = (_, stage, { rest }) => {
  const variables = variablesOf(stage);
  const pairs = readPairs("LABEL", rest).map(([key, value]): [string, string] => [
    expandWord(key, variables),
    expandWord(value, variables),
  ]);
  const labels = new Map([...stage.config.labels, ...pairs]);
  return configured(`LABEL ${pairs.map(([key, value]) => `${key}=${value}`).join(" ")}`, {
    ...stage.config,
    labels,
  });
};

/** A label by another name; the field Author of old is not kept. */
export const maintainer: Handler = (_, stage, { rest }) => configured(`MAINTAINER ${rest}`, stage.config);

export const expose: Handler = (build, stage, { rest, line }) => {
  const words = expandWords(rest, variablesOf(stage));
  const ports = words.flatMap((word) => portsOf(word, line, build.engine.version.messages !== "28"));
  const exposed = [...new Set([...stage.config.exposed, ...ports])].sort();
  return configured(`EXPOSE ${[...words].sort().join(" ")}`, { ...stage.config, exposed });
};

/** `80`, `80/udp`, `80-82/tcp` (go-connections' nat.ParsePortSpec). */
function portsOf(word: string, line: number, older: boolean): string[] {
  const [, first = "", last = first, protocol = "tcp"] = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(word) ?? [];
  if (first === "" || Number(last) > 65535 || Number(first) > Number(last))
    throw new BuildError(`${older ? "I" : "i"}nvalid containerPort: ${word}`, line);
  if (!["tcp", "udp", "sctp"].includes(protocol.toLowerCase()))
    throw new BuildError(`invalid proto: ${protocol}`, line);
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, i) => `${Number(first) + i}/${protocol.toLowerCase()}`);
}

export const volume: Handler = (_, stage, { rest, list }) => {
  const variables = variablesOf(stage);
  const paths = list?.map((word) => expandWord(word, variables)) ?? expandWords(rest, variables);
  const volumes = [...new Set([...stage.config.volumes, ...paths])];
  return configured(`VOLUME [${paths.join(" ")}]`, { ...stage.config, volumes });
};

export const user: Handler = (_, stage, { rest }) => {
  const name = expandWord(rest, variablesOf(stage));
  return configured(`USER ${name}`, { ...stage.config, user: name });
};

const SIGNALS = new Set("ABRT ALRM HUP INT KILL PIPE QUIT TERM USR1 USR2 WINCH".split(" "));

export const stopSignal: Handler = (_, stage, { rest, line }) => {
  const name = expandWord(rest, variablesOf(stage));
  if (!SIGNALS.has(name.toUpperCase().replace(/^SIG/, "")) && !/^([1-9]|[1-5]\d|6[0-4])$/.test(name))
    throw new BuildError(`Invalid signal: ${name}`, line);
  return configured(`STOPSIGNAL ${name}`, { ...stage.config, stopSignal: name });
};

export const command: Handler = (_, stage, { rest, list }) => {
  const words = list ?? (rest === "" ? [] : [...stage.shell, rest]);
  stage.commandSet = true;
  return configured(`CMD ${goList(words)}`, { ...stage.config, command: words });
};

/** A CMD of the image below is forgotten; one of this Dockerfile stays. */
export const entrypoint: Handler = (_, stage, { rest, list }) => {
  const words = list ?? (rest === "" ? [] : [...stage.shell, rest]);
  const config = { ...stage.config, entrypoint: words.length === 0 ? null : words };
  return configured(`ENTRYPOINT ${goList(words)}`, stage.commandSet ? config : { ...config, command: [] });
};

export const shell: Handler = (_, stage, { list, line }) => {
  if (list === null || list.length === 0)
    throw new BuildError("SHELL requires the arguments to be in JSON form", line);
  stage.shell = list;
  return configured(`SHELL ${goList(list)}`, stage.config);
};

export const argument: Handler = (build, stage, { rest, text }) => {
  for (const [name, value] of argumentsOf(rest)) {
    const given = build.args.get(name);
    build.usedArgs.add(name);
    const held = given ?? (value === null ? build.globals.get(name) : expandWord(value, variablesOf(stage)));
    if (held !== undefined) stage.args.set(name, held);
  }
  return configured(text.replace(/^\S+/, "ARG"), stage.config);
};

/** `NAME`, `NAME=default`, several of them. */
export function argumentsOf(rest: string): [string, string | null][] {
  const words = rest.includes("=")
    ? (rest.match(/(?:\\.|"(?:\\.|[^"])*"|'[^']*'|\S)+/g) ?? [])
    : rest.split(/\s+/);
  return words.map((word) => {
    const at = word.indexOf("=");
    return at < 0 ? [word, null] : [word.slice(0, at), word.slice(at + 1)];
  });
}

const refused =
  (name: string): Handler =>
  (_, __, { line }) => {
    throw new BuildError(`${name} is not supported here`, line);
  };

export const healthcheck: Handler = (build, stage, instruction) =>
  /^none$/i.test(instruction.rest)
    ? configured('HEALTHCHECK &{["NONE"] "0s" "0s" "0s" \'\\x00\'}', stage.config)
    : refused("HEALTHCHECK")(build, stage, instruction);
export const onbuild = refused("ONBUILD");
