import { redisCli } from "../../apps/redis/cli/redis-cli.js";
import { redisEntrypoint } from "../../apps/redis/server/entrypoint.js";
import { redisServer } from "../../apps/redis/server/redis-server.js";
import type { Image } from "./image.js";
import { debianPrograms, PATH } from "./userland.js";

/** Redis 7.0.15 on Debian, as Docker's official image has it: port 6379, its files in /data. */
export const redis: Image = {
  name: "redis",
  tag: "latest",
  id: "b5f28e5d9c4a17f6031d8e2b94c7a60f5d3e81b2976c4f0a8d15e3b7c9024f6d",
  digest: "2a1d9e7b35c8f46012b7e4d9a3c65f081e94b2d7c6a50f3e81d4b9726c0f5e3a",
  ageSeconds: 1209600,
  size: 130000000,
  entrypoint: ["docker-entrypoint.sh"],
  command: ["redis-server"],
  env: [
    PATH,
    "GOSU_VERSION=1.16",
    "REDIS_VERSION=7.0.15",
    "REDIS_DOWNLOAD_URL=http://download.redis.io/releases/redis-7.0.15.tar.gz",
    "REDIS_DOWNLOAD_SHA=98066f5363504b26c34dd20fbcc3c957990d764cdf42576c836fc021073f4341",
  ],
  exposed: ["6379/tcp"],
  workingDirectory: "/data",
  stopSignal: null,
  labels: new Map(),
  userland: "debian",
  files: {},
  programs: new Map([
    ...debianPrograms(),
    ["docker-entrypoint.sh", redisEntrypoint],
    ["redis-cli", redisCli],
    ["redis-server", redisServer],
  ]),
  stopsWith: new Map(),
  local: false,
};

/** The same image by another of its tags. */
export const redis7: Image = { ...redis, tag: "7" };
