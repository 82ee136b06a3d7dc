import { V1_12 } from "./1.12.js";
import { V17_05 } from "./17.05.js";
import { V17_09 } from "./17.09.js";
import { V20_10 } from "./20.10.js";
import { V28 } from "./28.js";
import type { EngineVersion } from "./engine-version.js";

/** The engines whose listings and messages the lab knows. */
export const ENGINE_VERSIONS = {
  "1.12": V1_12,
  "17.05": V17_05,
  "17.09": V17_09,
  "20.10": V20_10,
  "28": V28,
} as const satisfies Record<string, EngineVersion>;

export type DockerVersion = keyof typeof ENGINE_VERSIONS;

/** Their names, oldest first. */
export const DOCKER_VERSIONS = Object.keys(ENGINE_VERSIONS) as readonly DockerVersion[];
