import { alpine } from "./alpine.js";
import { busybox } from "./busybox.js";
import { greeting } from "./greeting.js";
import type { Image } from "./image.js";
import { nginx, nginxAlpine } from "./nginx.js";
import { node, nodeAlpine, nodeTags } from "./node.js";
import { redis, redis7 } from "./redis.js";
import { sampleNginx } from "./sample-nginx.js";
import { testImage } from "./test-image.js";

/** The images that every engine of a lab has, newest first. */
export const KNOWN_IMAGES: readonly Image[] = [
  testImage,
  nginx,
  nginxAlpine,
  node,
  nodeAlpine,
  ...nodeTags,
  redis,
  redis7,
  alpine,
  busybox,
  sampleNginx,
  greeting,
];
