import type { Container } from "../container/container.js";
import { statusText } from "../container/status.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import { goQuote } from "../go/text.js";
import { humanDuration, humanSize, timeOf, timeString } from "../go/time.js";
import { shortId } from "../ids.js";
import { portsText } from "../network/ports-text.js";
import { TemplateError } from "../template/template-error.js";
import { FlagError } from "./flags.js";
import { type Columns, ellipsis, FilterError, formatRows, readFilters, tableShape } from "./format.js";
import { type Call, ClientError, type Subcommand } from "./subcommand.js";
import { PS } from "./usage/container.js";

interface Row {
  readonly engine: Engine;
  readonly container: Container;
  readonly cut: boolean;
}

/** The first process's words, those with blanks in quotes. */
function commandText(container: Container): string {
  return container.argv.map((word, i) => (i > 0 && word.includes(" ") ? `'${word}'` : word)).join(" ");
}

/** The image as it was named, without the digest by which a service names it; its id where another image has that name now. */
function imageText({ request }: Container, { images }: Engine, cut: boolean): string {
  const named = images.tryFind(request.imageText);
  if (named?.id !== request.image.id) return cut ? shortId(request.image.id) : `sha256:${request.image.id}`;
  return cut ? request.imageText.replace(/@sha256:[0-9a-f]{64}$/, "") : request.imageText;
}

const now = (engine: Engine): number => engine.host.world.scheduler.now;

function labels({ container }: Row): ReadonlyMap<string, string> {
  return new Map([...container.request.image.labels, ...container.request.labels]);
}

const PS_COLUMNS: Columns<Row> = {
  type: "*formatter.ContainerContext",
  fields: {
    ID: {
      heading: "CONTAINER ID",
      value: ({ container, cut }) => (cut ? shortId(container.id) : container.id),
    },
    Names: { heading: "NAMES", value: ({ container }) => container.name },
    Image: { heading: "IMAGE", value: ({ container, engine, cut }) => imageText(container, engine, cut) },
    Command: {
      heading: "COMMAND",
      value: ({ container, cut }) =>
        goQuote(cut ? ellipsis(commandText(container), 20) : commandText(container)),
    },
    CreatedAt: {
      heading: "CREATED AT",
      value: ({ container }) => timeString({ ...timeOf(container.created), nanoseconds: 0 }),
    },
    RunningFor: {
      heading: "CREATED",
      value: ({ engine, container }) => `${humanDuration(now(engine) - container.created)} ago`,
    },
    Ports: { heading: "PORTS", value: ({ engine, container }) => portsText(engine, container) },
    State: { heading: "STATE", value: ({ container }) => container.status },
    Status: { heading: "STATUS", value: ({ engine, container }) => statusText(container, now(engine)) },
    Size: {
      heading: "SIZE",
      value: ({ container }) => `0B (virtual ${humanSize(container.request.image.size)})`,
    },
    Labels: {
      heading: "LABELS",
      value: (row) => [...labels(row)].map(([key, value]) => `${key}=${value}`).join(","),
    },
    Label: { heading: "", takesArgument: true, value: (row, name) => labels(row).get(name) ?? "" },
    Mounts: { heading: "MOUNTS", value: () => "" },
    LocalVolumes: { heading: "LOCAL VOLUMES", value: () => "0" },
    Networks: {
      heading: "NETWORKS",
      value: ({ container }) => [...container.networks.keys()].sort().join(","),
    },
  },
};

const TABLE = "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
const FILTERS = ["id", "name", "status", "label", "network", "ancestor", "exited"];

function selected(call: Call): Container[] {
  const { flags, engine } = call;
  const last = flags.bool("latest") ? 1 : Number(flags.value("last") ?? -1);
  const filters = filtersOf(call, FILTERS);
  const all = flags.bool("all") || last > 0 || filters.has("status") || filters.has("exited");
  const shown = engine.containers
    .list()
    .filter((container) => (all || container.running) && matches(container, filters));
  return last > 0 ? shown.slice(0, last) : shown;
}

/** Reads --filter; the daemon refuses a key it does not know. */
export function filtersOf(call: Call, known: readonly string[]): ReadonlyMap<string, readonly string[]> {
  try {
    return readFilters(call.flags.values("filter"), known);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    if (error.malformed) throw new FlagError(error.message);
    throw new DockerError(
      call.engine.version.messages === "28"
        ? `invalid filter '${error.message}'`
        : `Invalid filter '${error.message}'`,
      "invalid",
    );
  }
}

function matches(container: Container, filters: ReadonlyMap<string, readonly string[]>): boolean {
  const tests: Readonly<Record<string, (value: string) => boolean>> = {
    id: (value) => container.id.startsWith(value),
    name: (value) => new RegExp(value).test(`/${container.name}`) || new RegExp(value).test(container.name),
    status: (value) => container.status === value,
    label: (value) =>
      [...container.request.labels].some(([key, text]) => value === key || value === `${key}=${text}`),
    network: (value) => container.networks.has(value),
    ancestor: (value) => value === container.request.image.name || value === container.request.imageText,
    exited: (value) => container.status === "exited" && String(container.exitCode) === value,
  };
  return [...filters].every(([key, values]) => values.some((value) => tests[key]!(value)));
}

/** `docker ps`. */
export const ps: Subcommand = {
  names: ["ps", "container ls", "container list", "container ps"],
  help: PS,
  minimum: 0,
  maximum: 0,
  run(call) {
    const { flags, engine } = call;
    const rows = selected(call).map(
      (container): Row => ({ engine, container, cut: !flags.bool("no-trunc") }),
    );
    const standard = flags.bool("quiet") ? "{{.ID}}" : `${TABLE}${flags.bool("size") ? "\t{{.Size}}" : ""}`;
    const given = flags.value("format") ?? "";
    const format = given === "" || given === "table" || flags.bool("quiet") ? standard : given;
    try {
      call.stdout.write(formatRows(format, PS_COLUMNS, rows, tableShape(engine.version)));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new ClientError(
        `failed to ${error.message.includes("executing") ? "execute" : "parse"} template: ${error.message}`,
      );
    }
    return 0;
  },
};
