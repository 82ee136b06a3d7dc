import { tableShape } from "../../docker/command/format.js";
import type { TableShape } from "../../docker/go/tabwriter.js";
import type { EngineVersion } from "../../docker/versions/engine-version.js";

/** The tables of swarm mode's commands: in 1.12 they are not yet made by the client's formatter, and columns are as narrow as they can be. */
export function swarmTableShape(version: EngineVersion): TableShape {
  return version.release.startsWith("1.12") ? { minimumWidth: 0, padding: 2 } : tableShape(version);
}
