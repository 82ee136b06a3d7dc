import { type Columns, formatRows } from "../../../docker/command/format.js";
import type { Subcommand } from "../../../docker/command/subcommand.js";
import { memberOf } from "../../directory.js";
import { stacks } from "../../stack/stack.js";
import { swarmTableShape } from "../table-shape.js";
import { STACK_LS as HELP_20_10 } from "../usage/stack.js";
import { STACK_LS } from "../usage/stack-28.js";

interface Row {
  readonly name: string;
  readonly services: number;
}

const COLUMNS: Columns<Row> = {
  type: "*formatter.stackContext",
  fields: {
    Name: { heading: "NAME", value: ({ name }) => name },
    Services: { heading: "SERVICES", value: ({ services }) => String(services) },
    Orchestrator: { heading: "ORCHESTRATOR", value: () => "Swarm" },
    Namespace: { heading: "NAMESPACE", value: () => "" },
  },
};

/** `docker stack ls`. The column for the orchestrator is 18.06's to 23's. */
export const stackList: Subcommand = {
  names: ["stack ls", "stack list"],
  help: STACK_LS,
  olderHelp: HELP_20_10,
  minimum: 0,
  maximum: 0,
  run({ engine, flags, stdout }) {
    const cluster = memberOf(engine).expectManager();
    const rows = [...stacks(cluster)].map(([name, services]): Row => ({ name, services }));
    const given = flags.value("format") ?? "";
    const orchestrator = engine.version.release.startsWith("20.10") ? "\t{{.Orchestrator}}" : "";
    const standard = `table {{.Name}}\t{{.Services}}${orchestrator}`;
    const format = given === "" || given === "table" ? standard : given;
    stdout.write(formatRows(format, COLUMNS, rows, swarmTableShape(engine.version)));
    return 0;
  },
};
