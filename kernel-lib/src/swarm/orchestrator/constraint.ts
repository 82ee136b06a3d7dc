import { contains, formatIpv4, networkOf, tryParseInterfaceAddress } from "../../base/addresses.js";
import type { NodeObject } from "../model/node.js";

/** One `--constraint`: `node.role==manager`. */
export interface Constraint {
  readonly key: string;
  readonly equal: boolean;
  readonly value: string;
}

const KEY = /^[a-z_][a-z0-9\-_.]+$/i;
const VALUE = /^[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i;

/** Reads constraints (swarmkit's constraint.Parse). Throws RangeError in its words. */
export function parseConstraints(texts: readonly string[]): readonly Constraint[] {
  return texts.map(parseConstraint);
}

function parseConstraint(text: string): Constraint {
  const operator = ["==", "!="].find((candidate) => text.includes(candidate));
  if (operator === undefined) throw new RangeError("constraint expected one operator from ==, !=");
  const at = text.indexOf(operator);
  const key = text.slice(0, at).trim();
  const value = text.slice(at + 2).trim();
  if (!KEY.test(key)) throw new RangeError(`key '${key}' is invalid`);
  if (!VALUE.test(value)) throw new RangeError(`value '${value}' is invalid`);
  return { key, equal: operator === "==", value };
}

/** Whether a node meets all of them (constraint.NodeMatches). A key that nobody knows is met by no node. */
export function meetsConstraints(node: NodeObject, constraints: readonly Constraint[]): boolean {
  return constraints.every((constraint) => meets(node, constraint));
}

function meets(node: NodeObject, { key, equal, value }: Constraint): boolean {
  if (key.toLowerCase() === "node.ip") return isWithin(node, value) === equal;
  const actual = propertyOf(node, key);
  return actual !== null && (actual.toLowerCase() === value.toLowerCase()) === equal;
}

/** What a node has under a key; empty for a label that it lacks, null for an unknown key. */
function propertyOf(node: NodeObject, key: string): string | null {
  const label = (prefix: string) => key.slice(prefix.length);
  const lower = key.toLowerCase();
  if (lower === "node.id") return node.id;
  if (lower === "node.hostname") return node.hostname;
  if (lower === "node.role") return node.role;
  if (lower === "node.platform.os") return "linux";
  if (lower === "node.platform.arch") return "x86_64";
  if (lower.startsWith("node.labels.")) return node.labels.get(label("node.labels.")) ?? "";
  if (lower.startsWith("engine.labels.")) return node.engineLabels.get(label("engine.labels.")) ?? "";
  return null;
}

/** An address or a subnet. */
function isWithin(node: NodeObject, value: string): boolean {
  if (!value.includes("/")) return formatIpv4(node.address) === value;
  const subnet = tryParseInterfaceAddress(value);
  return subnet !== null && contains(networkOf(subnet), node.address);
}
