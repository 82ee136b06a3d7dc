import { type Columns, formatRows } from "../../../docker/command/format.js";
import { filtersOf } from "../../../docker/command/ps.js";
import type { Subcommand } from "../../../docker/command/subcommand.js";
import { DockerError } from "../../../docker/docker-error.js";
import type { EngineVersion } from "../../../docker/versions/engine-version.js";
import type { Cluster } from "../../cluster/cluster.js";
import { managerStatus } from "../../cluster/node-inspect.js";
import { memberOf } from "../../directory.js";
import type { NodeObject } from "../../model/node.js";
import { naturalOrder } from "../../service/natural-order.js";
import { ageOf } from "../age.js";
import { swarmTableShape } from "../table-shape.js";
import { NODE_LS } from "../usage/node.js";

interface Row {
  readonly cluster: Cluster;
  readonly node: NodeObject;
  readonly self: boolean;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** A manager as the leader sees it; empty for a worker. */
function managerText({ cluster, node }: Row): string {
  const status = managerStatus(cluster, node);
  if (status === null) return "";
  return status.leader ? "Leader" : capital(status.reachability);
}

const COLUMNS: Columns<Row> = {
  type: "*node.nodeContext",
  fields: {
    ID: { heading: "ID", value: ({ node }) => node.id },
    Self: { heading: "", value: ({ self }) => self },
    Hostname: { heading: "HOSTNAME", value: ({ node }) => node.hostname },
    Status: { heading: "STATUS", value: ({ node }) => capital(node.state) },
    Availability: { heading: "AVAILABILITY", value: ({ node }) => capital(node.availability) },
    ManagerStatus: { heading: "MANAGER STATUS", value: managerText },
    TLSStatus: { heading: "TLS STATUS", value: () => "Ready" },
    EngineVersion: { heading: "ENGINE VERSION", value: ({ node }) => node.engineVersion },
  },
};

/** The table by release: until 17.05 the client makes it without its formatter, and the engine's version came with 18. */
function tableOf(version: EngineVersion): string {
  const star = ageOf(version) < 17.06 ? "{{if .Self}} *{{end}}" : " {{if .Self}}*{{else}} {{ end}}";
  const engine = ageOf(version) < 18 ? "" : "\t{{.EngineVersion}}";
  return `table {{.ID}}${star}\t{{.Hostname}}\t{{.Status}}\t{{.Availability}}\t{{.ManagerStatus}}${engine}`;
}

const FILTERS = ["id", "label", "membership", "name", "node.label", "role"];

/** Throws DockerError for a value that a filter cannot have. */
function checkFilters(filters: ReadonlyMap<string, readonly string[]>): void {
  for (const [key, allowed] of [
    ["role", ["worker", "manager"]],
    ["membership", ["accepted", "pending"]],
  ] as const)
    for (const value of filters.get(key) ?? [])
      if (!(allowed as readonly string[]).includes(value))
        throw new DockerError(`Invalid ${key} filter: '${value}'`, "invalid");
}

function matches(node: NodeObject, key: string, value: string): boolean {
  const labelled = (labels: ReadonlyMap<string, string>) =>
    [...labels].some(([name, text]) => value === name || value === `${name}=${text}`);
  switch (key) {
    case "id":
      return node.id.startsWith(value);
    case "name":
      return node.hostname.startsWith(value);
    case "role":
      return node.role === value;
    case "membership":
      return value === "accepted";
    default:
      return labelled(key === "label" ? node.engineLabels : node.labels);
  }
}

/** `docker node ls`. */
export const nodeList: Subcommand = {
  names: ["node ls", "node list"],
  help: NODE_LS,
  minimum: 0,
  maximum: 0,
  run(call) {
    const { engine, flags, stdout } = call;
    const member = memberOf(engine);
    const filters = filtersOf(call, FILTERS);
    checkFilters(filters);
    const cluster = member.expectManager();
    const rows = [...cluster.store.nodes.values()]
      .filter((node) =>
        [...filters].every(([key, values]) => values.some((value) => matches(node, key, value))),
      )
      .sort((a, b) => naturalOrder(a.hostname, b.hostname))
      .map((node): Row => ({ cluster, node, self: node.id === member.nodeId }));
    const given = flags.value("format") ?? "";
    const quiet = flags.bool("quiet");
    const standard = quiet ? "{{.ID}}" : tableOf(engine.version);
    const format = given === "" || given === "table" || quiet ? standard : given;
    const narrow =
      ageOf(engine.version) < 17.06 ? { minimumWidth: 0, padding: 2 } : swarmTableShape(engine.version);
    stdout.write(formatRows(format, COLUMNS, rows, narrow));
    return 0;
  },
};
