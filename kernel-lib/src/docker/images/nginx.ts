import type { Image } from "./image.js";
import { nginxPrograms, PATH } from "./userland.js";

/** nginx with its welcome page on port 80. It answers SIGQUIT by ending well. */
export const nginx: Image = {
  name: "nginx",
  tag: "latest",
  id: "f0eabbfc4283efbdf69d9e6f80d5179ad7eb67f25ca59fb48e1f36419b8565fd",
  digest: "f6a5a117a287bbbe4a0d2788fa3c09587988aa600dc719f8f2fe7ee320ee3c0b",
  ageSeconds: 1814400,
  size: 192000000,
  entrypoint: null,
  command: ["nginx", "-g", "daemon off;"],
  env: [PATH],
  exposed: ["80/tcp"],
  workingDirectory: "",
  stopSignal: "SIGQUIT",
  labels: new Map(),
  userland: "debian",
  files: {},
  programs: nginxPrograms(),
  stopsWith: new Map([["nginx", 0]]),
  local: false,
};
