import type { Image } from "./image.js";
import { alpinePrograms, PATH } from "./userland.js";

/** Alpine Linux: busybox only (no curl; ping is busybox's). */
export const alpine: Image = {
  name: "alpine",
  tag: "latest",
  id: "a1afe420472df6a89c04f393530e150aec1936fcc5b9c07c2db2aa3c5c4cf795",
  digest: "056f992f8e83047b6692ee0514982c54bcff87cd1f414e062ded57a4c1bbdd54",
  ageSeconds: 3628800,
  size: 8310000,
  entrypoint: null,
  command: ["/bin/sh"],
  env: [PATH],
  exposed: [],
  workingDirectory: "",
  stopSignal: null,
  labels: new Map(),
  userland: "alpine",
  files: {},
  programs: alpinePrograms(),
  stopsWith: new Map(),
  local: false,
};
