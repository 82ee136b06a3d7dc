import { NGINX_FILES } from "../../apps/nginx/image-files.js";
import type { Image } from "./image.js";
import { nginxAlpinePrograms, nginxPrograms, PATH } from "./userland.js";

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
  files: NGINX_FILES,
  programs: nginxPrograms(),
  stopsWith: new Map([["nginx", 0]]),
  local: false,
};

/** The same on Alpine Linux, with busybox's tools. */
export const nginxAlpine: Image = {
  ...nginx,
  tag: "alpine",
  id: "b135667c98980d3ca424a228cc4d2afdb287dc4e1a6a813a34b2e1705517488e",
  digest: "3923f8de8d2214b9490e68fd6ae63ea604deddd166df2755b788bef04848b9bc",
  ageSeconds: 1814401,
  size: 42600000,
  userland: "alpine",
  programs: nginxAlpinePrograms(),
};
