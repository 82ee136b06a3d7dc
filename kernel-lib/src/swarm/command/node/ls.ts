import { type Columns, formatRows } from "../../../docker/command/format.js";
import type { Subcommand } from "../../../docker/command/subcommand.js";
import { memberOf } from "../../directory.js";
import type { SwarmMember } from "../../member.js";
import type { NodeObject } from "../../model/node.js";
import { NODE_LS } from "../usage/node.js";

interface Row {
  readonly node: NodeObject;
  readonly asked: SwarmMember;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

const COLUMNS: Columns<Row> = {
  type: "*node.nodeContext",
  fields: {
    ID: { heading: "ID", value: ({ node, asked }) => (node.id === asked.nodeId ? `${node.id} *` : node.id) },
    Self: { heading: "", value: ({ node, asked }) => String(node.id === asked.nodeId) },
    Hostname: { heading: "HOSTNAME", value: ({ node }) => node.hostname },
    Status: { heading: "STATUS", value: ({ node }) => capital(node.state) },
    Availability: { heading: "AVAILABILITY", value: ({ node }) => capital(node.availability) },
    ManagerStatus: {
      heading: "MANAGER STATUS",
      value: ({ node, asked }) => (asked.cluster?.voters.has(node.id) ? managerStatus(asked, node) : ""),
    },
    EngineVersion: { heading: "ENGINE VERSION", value: ({ node }) => node.engineVersion },
  },
};

/** A manager as the leader sees it. */
function managerStatus(asked: SwarmMember, { id }: NodeObject): string {
  const leader = asked.cluster?.leader ?? null;
  if (leader?.nodeId === id) return "Leader";
  return leader?.manager?.raft.reaches(id) === false ? "Unreachable" : "Reachable";
}

/** `docker node ls`. */
export const nodeList: Subcommand = {
  names: ["node ls", "node list"],
  help: NODE_LS,
  minimum: 0,
  maximum: 0,
  run({ engine, stdout }) {
    const asked = memberOf(engine);
    const { store } = asked.expectManager();
    const rows = [...store.nodes.values()]
      .sort((a, b) => (a.hostname < b.hostname ? -1 : 1))
      .map((node): Row => ({ node, asked }));
    stdout.write(
      formatRows(
        "table {{.ID}}\t{{.Hostname}}\t{{.Status}}\t{{.Availability}}\t{{.ManagerStatus}}\t{{.EngineVersion}}",
        COLUMNS,
        rows,
      ),
    );
    return 0;
  },
};
