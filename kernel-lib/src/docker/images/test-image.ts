import type { Image } from "./image.js";
import { PATH, testImagePrograms } from "./userland.js";

/** The seeds' HTTP API on port 5000: it answers `Hello from HOSTNAME`. Built on the machine, as its reader would. */
export const testImage: Image = {
  name: "test-image",
  tag: "latest",
  id: "6ec9b2d59ac339436da300d37602924dbb1190f6060280659f2f78c831c91492",
  digest: "6543dedcd58b7b4b20d0b220410ce55b4dd275fe7313c5a0d17eb7f06236a96c",
  ageSeconds: 600,
  size: 77062551,
  entrypoint: null,
  command: ["/bin/serve", "5000", "Hello from"],
  env: [PATH],
  exposed: [],
  workingDirectory: "",
  stopSignal: null,
  labels: new Map(),
  userland: "debian",
  files: {},
  programs: testImagePrograms(),
  stopsWith: new Map(),
  local: true,
};
