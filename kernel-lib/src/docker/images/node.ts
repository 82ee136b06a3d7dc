import { node as nodeProgram } from "../../apps/node/node.js";
import { npm } from "../../apps/node/npm.js";
import type { Program, ProgramTable } from "../../host/process.js";
import type { Image } from "./image.js";
import { alpinePrograms, debianPrograms, PATH } from "./userland.js";

/** The image's entry point: what is no command of the image, or begins with a dash, is an argument of `node`. */
const entrypoint: Program = (process) => {
  const [, first = "node", ...rest] = process.argv;
  const known = process.programs.get(first.split("/").pop() ?? "");
  const argv = first.startsWith("-") || known === undefined ? ["node", first, ...rest] : [first, ...rest];
  return process.exec({ argv });
};

function withNode(programs: ProgramTable): ProgramTable {
  return new Map([
    ...programs,
    ["node", nodeProgram],
    ["nodejs", nodeProgram],
    ["npm", npm],
    ["docker-entrypoint.sh", entrypoint],
  ]);
}

const ENV = [PATH, "NODE_VERSION=24.11.1", "YARN_VERSION=1.22.22"];

/** Node on Debian. */
export const node: Image = {
  name: "node",
  tag: "latest",
  id: "a4e1b9f3c07d58264c9e1f70b3d6a8255fe40c917b2d3e86a1954f0c7d8e2b36",
  digest: "20988bcdc6dc76690023eb2505dd273bdeefddcd0bde4bfd1efe4ebf8707f747",
  ageSeconds: 864000,
  size: 1130000000,
  entrypoint: ["docker-entrypoint.sh"],
  command: ["node"],
  env: ENV,
  exposed: [],
  workingDirectory: "",
  stopSignal: null,
  labels: new Map(),
  userland: "debian",
  files: {},
  programs: withNode(debianPrograms()),
  stopsWith: new Map(),
  local: false,
};

/** The same on Alpine Linux. */
export const nodeAlpine: Image = {
  ...node,
  tag: "alpine",
  id: "5f3c1e8a97b0d2464c81e5a9f30b7d6215e8c9a4f27d0b3681c5e94a7f2d8b03",
  digest: "7e8c2d7f5b31a9e04f6c8d1b2a3e5f70918c4d6b7a2e9f03158d4c6b7e9a0f12",
  ageSeconds: 864001,
  size: 163000000,
  userland: "alpine",
  programs: withNode(alpinePrograms()),
};

/** The same images by other tags. */
export const nodeTags: readonly Image[] = [
  { ...node, tag: "24" },
  { ...nodeAlpine, tag: "24-alpine" },
];
