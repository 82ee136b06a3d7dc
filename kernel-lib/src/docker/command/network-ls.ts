import { DockerError } from "../docker-error.js";
import { timeString } from "../go/time.js";
import { shortId } from "../ids.js";
import type { Network } from "../network/network.js";
import { type Columns, formatRows, tableShape } from "./format.js";
import { filtersOf } from "./ps.js";
import type { Subcommand } from "./subcommand.js";
import { NETWORK_LS } from "./usage/network.js";

interface Row {
  readonly network: Network;
  readonly cut: boolean;
}

const COLUMNS: Columns<Row> = {
  type: "*network.networkContext",
  fields: {
    ID: { heading: "NETWORK ID", value: ({ network, cut }) => (cut ? shortId(network.id) : network.id) },
    Name: { heading: "NAME", value: ({ network }) => network.name },
    Driver: { heading: "DRIVER", value: ({ network }) => network.driver },
    Scope: { heading: "SCOPE", value: ({ network }) => network.scope },
    IPv6: { heading: "IPV6", value: () => "false" },
    Internal: { heading: "INTERNAL", value: ({ network }) => String(network.request.internal) },
    Labels: {
      heading: "LABELS",
      value: ({ network }) => [...network.request.labels].map(([key, value]) => `${key}=${value}`).join(","),
    },
    Label: {
      heading: "",
      takesArgument: true,
      value: ({ network }, name) => network.request.labels.get(name) ?? "",
    },
    CreatedAt: { heading: "CREATED AT", value: ({ network }) => timeString(network.created) },
  },
};

function matches(network: Network, key: string, value: string): boolean {
  switch (key) {
    case "driver":
      return network.driver === value;
    case "id":
      return matchesPattern(network.id, value);
    case "name":
      return matchesPattern(network.name, value);
    case "dangling":
      return (network.predefined || network.inUse) !== TRUE.has(value);
    case "scope":
      return value === network.scope;
    case "type":
      return network.predefined === (value === "builtin");
    default:
      return [...network.request.labels].some(
        ([name, text]) => value === name || value === `${name}=${text}`,
      );
  }
}

/** Filters of names and ids are regular expressions; what is none matches only itself (filters.Match). */
function matchesPattern(text: string, pattern: string): boolean {
  if (text === pattern) return true;
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return false;
  }
}

const TRUE = new Set(["true", "1"]);
const FALSE = new Set(["false", "0"]);

/** Throws DockerError for a value that a filter cannot have. */
function checkFilters(filters: ReadonlyMap<string, readonly string[]>): void {
  for (const value of filters.get("type") ?? [])
    if (value !== "builtin" && value !== "custom")
      throw new DockerError(`invalid filter: 'type'='${value}'`, "invalid");
  for (const value of filters.get("dangling") ?? [])
    if (!TRUE.has(value) && !FALSE.has(value))
      throw new DockerError(
        `invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`,
        "invalid",
      );
}

/** `docker network ls`. */
export const networkList: Subcommand = {
  names: ["network ls", "network list"],
  help: NETWORK_LS,
  minimum: 0,
  maximum: 0,
  run(call) {
    const { flags, engine } = call;
    const filters = filtersOf(call, ["driver", "id", "label", "name", "scope", "type", "dangling"]);
    checkFilters(filters);
    const shown = engine.networks
      .list()
      .filter((network) =>
        [...filters].every(([key, values]) => values.some((value) => matches(network, key, value))),
      );
    const given = flags.value("format") ?? "";
    const standard = flags.bool("quiet") ? "{{.ID}}" : "table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}";
    const format = given === "" || given === "table" || flags.bool("quiet") ? standard : given;
    call.stdout.write(
      formatRows(
        format,
        COLUMNS,
        shown.map((network): Row => ({ network, cut: !flags.bool("no-trunc") })),
        tableShape(engine.version),
      ),
    );
    return 0;
  },
};
