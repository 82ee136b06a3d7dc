import { ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import { DockerError } from "../../../docker/docker-error.js";
import { NodeControl } from "../../cluster/node-control.js";
import { memberOf } from "../../directory.js";
import type { Availability, NodeObject, NodeRole } from "../../model/node.js";
import { NODE_UPDATE } from "../usage/node.js";
import { inClientWords } from "./not-found.js";

/** `docker node update`. */
export const nodeUpdate: Subcommand = {
  names: ["node update"],
  help: NODE_UPDATE,
  minimum: 1,
  maximum: 1,
  *run(call) {
    const { engine, flags, words, stdout } = call;
    const member = memberOf(engine);
    yield* member.consent();
    const control = new NodeControl(member);
    const [word = ""] = words;
    const node = inClientWords(call, word, () => control.find(word));
    const availability = flags.value("availability");
    const role = flags.value("role");
    const labels = changedLabels(node, flags.values("label-add"), flags.values("label-rm"));
    if (availability !== null && !["active", "pause", "drain"].includes(availability))
      throw new DockerError(`invalid Availability: "${availability}"`, "invalid");
    if (role !== null && role !== "worker" && role !== "manager")
      throw new DockerError(`invalid Role: "${role}"`, "invalid");
    control.update(node, {
      ...(availability === null ? {} : { availability: availability as Availability }),
      ...(role === null ? {} : { role: role as NodeRole }),
      labels,
    });
    stdout.write(`${word}\n`);
    return 0;
  },
};

/** The labels after `--label-add` and `--label-rm`. */
function changedLabels(
  node: NodeObject,
  added: readonly string[],
  removed: readonly string[],
): ReadonlyMap<string, string> {
  const labels = new Map(node.labels);
  for (const text of added) {
    const at = text.indexOf("=");
    labels.set(at < 0 ? text : text.slice(0, at), at < 0 ? "" : text.slice(at + 1));
  }
  for (const key of removed) {
    if (!labels.has(key)) throw new ClientError(`key ${key} doesn't exist in node's labels`);
    labels.delete(key);
  }
  return labels;
}
