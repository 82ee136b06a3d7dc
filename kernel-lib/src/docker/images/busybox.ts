import type { Image } from "./image.js";
import { busyboxPrograms, PATH } from "./userland.js";

/** Busybox alone. */
export const busybox: Image = {
  name: "busybox",
  tag: "latest",
  id: "676a8ccb606ac4a862353d74806152a1af4fea2dcfdac905d487c39fbc3d8ea9",
  digest: "b4dffa0312885150dd60c117788fde6f1ba6f8c4205d4c63aef87ad37558e793",
  ageSeconds: 31536000,
  size: 4430000,
  entrypoint: null,
  command: ["sh"],
  env: [PATH],
  exposed: [],
  workingDirectory: "",
  stopSignal: null,
  labels: new Map(),
  userland: "busybox",
  files: {},
  programs: busyboxPrograms(),
  stopsWith: new Map(),
  local: false,
};
