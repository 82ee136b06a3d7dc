import { inspectContainer } from "../container/inspect.js";
import { marshal, marshalIndent } from "../go/json.js";
import { rfc3339Nano } from "../go/time.js";
import { GoMap, GoNil, GoObject, GoStruct, GoTime, type GoValue } from "../go/value.js";
import { inspectImage } from "../images/inspect.js";
import { inspectNetwork } from "../network/inspect.js";
import { Template } from "../template/template.js";
import { TemplateError } from "../template/template-error.js";
import { type Call, ClientError, type Subcommand } from "./subcommand.js";
import { INSPECT } from "./usage/container.js";
import { NETWORK_INSPECT } from "./usage/network.js";

/** Kinds of objects, in the order in which `docker inspect` looks for a name. */
type Kind = "container" | "image" | "network";
const KINDS: readonly Kind[] = ["container", "image", "network"];
const OTHER_KINDS: readonly string[] = ["node", "plugin", "secret", "service", "task", "volume", "config"];

function lookUp(call: Call, kind: Kind, name: string): GoStruct | null {
  const { engine } = call;
  if (kind === "container") {
    const container = engine.containers.tryFind(name);
    return container === null ? null : inspectContainer(engine, container);
  }
  if (kind === "network") {
    const network = engine.networks.tryFind(name);
    const verbose = call.flags.has("verbose") && call.flags.bool("verbose");
    return network === null ? null : inspectNetwork(network, engine.version.showsDefaultGateway, verbose);
  }
  const image = /^[a-z0-9]/.test(name) && !/[A-Z\s]/.test(name) ? engine.images.tryFind(name) : null;
  if (image === null) return null;
  return inspectImage(image, engine.images.named(image.id), engine.version.server.version);
}

function firstFound(call: Call, kinds: readonly Kind[], name: string): GoStruct | null {
  for (const kind of kinds) {
    const value = lookUp(call, kind, name);
    if (value !== null) return value;
  }
  return null;
}

/** Prints what the names stand for, as indented JSON or by a template; names that nothing has are told at the end. */
function inspectAll(call: Call, kinds: readonly Kind[], word: string): number {
  const newer = call.engine.version.messages === "28";
  const refusals = printInspected(
    call,
    (name) => firstFound(call, kinds, name),
    (name) => (newer ? notFound28(kinds, word, name) : `Error: No such ${word}: ${name}`),
  );
  if (refusals.length > 0) throw new ClientError(refusals.join("\n"));
  return 0;
}

/** Prints each of a command's words by what `find` gives for it; gives what is to be said of the others. */
export function printInspected(
  call: Call,
  find: (name: string) => GoStruct | null,
  refusalOf: (name: string) => string,
): readonly string[] {
  const print = printer(call.flags.value("format") ?? "");
  const refusals: string[] = [];
  for (const name of call.words) {
    const value = find(name);
    const refusal = value === null ? refusalOf(name) : print.add(value);
    if (refusal !== null) refusals.push(refusal);
  }
  call.stdout.write(print.text());
  return refusals;
}

function notFound28(kinds: readonly Kind[], word: string, name: string): string {
  if (kinds.length > 1) return `error: no such object: ${name}`;
  if (word === "network") return `Error response from daemon: network ${name} not found`;
  return `Error response from daemon: No such ${word}: ${name}${word === "image" && !name.includes(":") ? ":latest" : ""}`;
}

interface Printer {
  /** A refusal, or null. */
  add(value: GoStruct): string | null;
  text(): string;
}

function printer(format: string): Printer {
  const values: GoStruct[] = [];
  let printed = "";
  if (format === "" || format === "json") {
    return {
      add: (value) => {
        values.push(value);
        return null;
      },
      text: () => (format === "json" ? `${marshal(values)}\n` : `${marshalIndent(values)}\n`),
    };
  }
  const template = parseFormat(format);
  return {
    add(value) {
      try {
        printed += `${executeEither(template, value)}\n`;
        return null;
      } catch (error) {
        if (error instanceof TemplateError) return `template parsing error: ${error.message}`;
        throw error;
      }
    },
    text: () => (printed === "" ? "\n" : printed),
  };
}

/** A format that does not parse ends the client with status 64. */
function parseFormat(format: string): Template {
  try {
    return new Template(format);
  } catch (error) {
    if (error instanceof TemplateError) throw new ClientError(`template parsing error: ${error.message}`, 64);
    throw error;
  }
}

/** First over Go's value, then over what the JSON says, where a missing key is an error (inspect.TemplateInspector). */
function executeEither(template: Template, value: GoStruct): string {
  try {
    return template.execute(value);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return template.execute(decoded(value), { missingKeyIsError: true });
  }
}

/** What json.Unmarshal makes of the value's JSON: maps, slices, strings. */
function decoded(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.map((item) => decoded(item as GoValue));
  if (value instanceof GoNil || value === null) return null;
  if (value instanceof GoTime) return rfc3339Nano(value);
  if (value instanceof GoMap)
    return new GoMap(new Map([...value.entries].map(([key, item]) => [key, decoded(item)])));
  if (value instanceof GoStruct) return new GoMap(new Map(decodedFields(value)));
  return value instanceof GoObject ? null : value;
}

function decodedFields(value: GoStruct): [string, GoValue][] {
  return value.fields.flatMap((field): [string, GoValue][] =>
    field.embedded && field.value instanceof GoStruct
      ? decodedFields(field.value)
      : [[field.json ?? field.name, decoded(field.value)]],
  );
}

/** `docker inspect`. */
export const inspect: Subcommand = {
  names: ["inspect"],
  help: INSPECT,
  minimum: 1,
  maximum: Infinity,
  run(call) {
    const type = call.flags.value("type") ?? "";
    if (type === "") return inspectAll(call, KINDS, "object");
    if ((KINDS as readonly string[]).includes(type)) return inspectAll(call, [type as Kind], type);
    if (OTHER_KINDS.includes(type)) return inspectAll(call, [], type);
    throw new ClientError(
      call.engine.version.messages === "28"
        ? `unknown type: "${type}"`
        : `"${type}" is not a valid value for --type`,
    );
  },
};

const of = (kind: Kind, help: string): Subcommand => ({
  names: [`${kind} inspect`],
  help,
  minimum: 1,
  maximum: Infinity,
  run: (call) => inspectAll(call, [kind], kind),
});

export const containerInspect = of(
  "container",
  INSPECT.replaceAll(
    "docker inspect [OPTIONS] NAME|ID [NAME|ID...]",
    "docker container inspect [OPTIONS] CONTAINER [CONTAINER...]",
  ),
);
export const imageInspect = of(
  "image",
  INSPECT.replaceAll(
    "docker inspect [OPTIONS] NAME|ID [NAME|ID...]",
    "docker image inspect [OPTIONS] IMAGE [IMAGE...]",
  ),
);
export const networkInspect = of("network", NETWORK_INSPECT);
