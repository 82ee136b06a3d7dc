import { type Columns, formatRows } from "../../../docker/command/format.js";
import { filtersOf } from "../../../docker/command/ps.js";
import type { Call, Subcommand } from "../../../docker/command/subcommand.js";
import { shortId } from "../../../docker/ids.js";
import type { Cluster } from "../../cluster/cluster.js";
import { memberOf } from "../../directory.js";
import type { ServiceObject } from "../../model/service.js";
import { replicaCounts } from "../../service/counts.js";
import { naturalOrder } from "../../service/natural-order.js";
import { withoutDigest } from "../../service/pin-image.js";
import { ingressPortsText } from "../../service/port-text.js";
import { swarmTableShape } from "../table-shape.js";
import { SERVICE_LS as HELP_20_10 } from "../usage/service.js";
import { SERVICE_LS } from "../usage/service-28.js";

export interface ServiceRow {
  readonly cluster: Cluster;
  readonly service: ServiceObject;
}

function replicasText({ cluster, service }: ServiceRow): string {
  const { running, desired } = replicaCounts(cluster, service);
  const { mode, maxReplicas } = service.spec;
  const bound = mode.kind === "replicated" && maxReplicas > 0 ? ` (max ${maxReplicas} per node)` : "";
  return `${running}/${desired}${bound}`;
}

const COLUMNS: Columns<ServiceRow> = {
  type: "*service.serviceContext",
  fields: {
    ID: { heading: "ID", value: ({ service }) => shortId(service.id) },
    Name: { heading: "NAME", value: ({ service }) => service.spec.name },
    Mode: { heading: "MODE", value: ({ service }) => service.spec.mode.kind },
    Replicas: { heading: "REPLICAS", value: replicasText },
    Image: { heading: "IMAGE", value: ({ service }) => withoutDigest(service.spec.container.image) },
    Ports: { heading: "PORTS", value: ({ service }) => ingressPortsText(service.ports) },
  },
};

/** 1.12 shows the mode of a global service as its replicas, and the command's words for the ports. */
const OLD_COLUMNS: Columns<ServiceRow> = {
  type: COLUMNS.type,
  fields: {
    ID: COLUMNS.fields.ID!,
    Name: COLUMNS.fields.Name!,
    Replicas: {
      heading: "REPLICAS",
      value: (row) => (row.service.spec.mode.kind === "global" ? "global" : replicasText(row)),
    },
    Image: { heading: "IMAGE", value: ({ service }) => service.spec.container.image },
    Command: { heading: "COMMAND", value: ({ service }) => service.spec.container.args.join(" ") },
  },
};

const TABLE = "table {{.ID}}\t{{.Name}}\t{{.Mode}}\t{{.Replicas}}\t{{.Image}}\t{{.Ports}}";
const OLD_TABLE = "table {{.ID}}\t{{.Name}}\t{{.Replicas}}\t{{.Image}}\t{{.Command}}";

/** The swarm's services that the filters let through, by name. */
export function selectedServices(
  cluster: Cluster,
  filters: ReadonlyMap<string, readonly string[]>,
): ServiceRow[] {
  return [...cluster.store.services.values()]
    .filter((service) =>
      [...filters].every(([key, values]) => values.some((value) => matches(service, key, value))),
    )
    .sort((a, b) => naturalOrder(a.spec.name, b.spec.name))
    .map((service) => ({ cluster, service }));
}

function matches({ id, spec }: ServiceObject, key: string, value: string): boolean {
  if (key === "id") return id.startsWith(value);
  if (key === "name") return spec.name.startsWith(value);
  if (key === "mode") return spec.mode.kind === value;
  return [...spec.labels].some(([name, text]) => value === name || value === `${name}=${text}`);
}

export function printServices(call: Call, rows: readonly ServiceRow[]): void {
  const { engine, flags } = call;
  const old = engine.version.release.startsWith("1.12");
  const standard = flags.bool("quiet") ? "{{.ID}}" : old ? OLD_TABLE : TABLE;
  const given = flags.value("format") ?? "";
  const format = given === "" || given === "table" || flags.bool("quiet") ? standard : given;
  call.stdout.write(formatRows(format, old ? OLD_COLUMNS : COLUMNS, rows, swarmTableShape(engine.version)));
}

/** `docker service ls`. */
export const serviceList: Subcommand = {
  names: ["service ls", "service list"],
  help: SERVICE_LS,
  olderHelp: HELP_20_10,
  minimum: 0,
  maximum: 0,
  run(call) {
    const cluster = memberOf(call.engine).expectManager();
    const filters = filtersOf(call, ["id", "label", "mode", "name"]);
    printServices(call, selectedServices(cluster, filters));
    return 0;
  },
};
