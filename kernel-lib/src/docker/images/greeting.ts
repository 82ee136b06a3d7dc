import type { Image } from "./image.js";
import { testImage } from "./test-image.js";

/** The service of the swarm's seeds and recordings: on port 8000 it answers `Hello, HOSTNAME`. */
export const greeting: Image = {
  ...testImage,
  name: "momijiame/greeting",
  tag: "1.0",
  id: "3f1c6a0d8b5e47920c6e9d1a74b8f2350e9c7d6b1a4f83e25d70c9b68a1e5f42",
  digest: "a96c1b7e05d24f83b9e6071c5da38f42e7b0d91c64f5a83e2d17b09c5f6e8a31",
  ageSeconds: 63072000,
  command: ["/bin/serve", "8000", "Hello,"],
  local: false,
};
