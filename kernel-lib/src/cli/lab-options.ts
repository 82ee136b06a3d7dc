import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { DOCKER_VERSIONS, type DockerVersion } from "../docker/versions/version.js";
import { Lab } from "../lab/lab.js";
import { MOST_HOSTS, PRESET_NAMES, type PresetName, type Underlay } from "../lab/preset.js";
import type { SwarmNodes } from "../lab/swarm-preset.js";
import { wholeNumber } from "./numbers.js";

export interface LabChoice {
  readonly preset: PresetName;
  readonly hosts?: number;
  readonly underlay?: Underlay;
  readonly nodes?: SwarmNodes;
  readonly managers?: readonly string[];
  readonly ingress?: string;
  readonly joined: boolean;
  readonly docker: DockerVersion;
  readonly seed: number;
  readonly daemon?: Readonly<Record<string, unknown>>;
}

function oneOf<T extends string>(names: readonly T[]): (text: string) => T {
  return (text) => {
    const name = names.find((known) => known === text);
    if (name === undefined) throw new InvalidArgumentError(`There are: ${names.join(", ")}.`);
    return name;
  };
}

function jsonObject(file: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new InvalidArgumentError("It holds no JSON object.");
  return value as Readonly<Record<string, unknown>>;
}

function words(text: string): readonly string[] {
  return text.split(",").map((word) => word.trim());
}

/** `5`, or names with commas between them. */
function nodes(text: string): SwarmNodes {
  return /^\d+$/.test(text) ? wholeNumber(1, MOST_HOSTS)(text) : words(text);
}

/** Adds `--preset` with the options of single presets, `--docker`, `--seed` and `--daemon` to a command. */
export function withLabOptions(command: Command): Command {
  return command
    .option("--preset <name>", "the machines of the lab", oneOf(PRESET_NAMES), "single")
    .option("--hosts <n>", "number of Docker hosts (preset vxlan)", wholeNumber(2, MOST_HOSTS))
    .option(
      "--underlay <kind>",
      "what lies between the hosts (preset vxlan): switched or routed",
      oneOf<Underlay>(["switched", "routed"]),
    )
    .option("--nodes <n|names>", "Docker hosts (preset swarm): 3, or manager,worker1,worker2", nodes)
    .option("--managers <names>", "which of them are managers beside the first (preset swarm)", words)
    .option("--ingress <subnet>", "subnet of the ingress network (preset swarm)")
    .option("--no-joined", "leave docker swarm init and join to you (preset swarm)")
    .option("--docker <release>", "release of the Docker engine", oneOf(DOCKER_VERSIONS), "28")
    .option("--seed <n>", "seed of all chance in the lab", wholeNumber(0, 2 ** 31 - 1), 1)
    .option("--daemon <file>", "a daemon.json for the Docker hosts", jsonObject);
}

export function labOf({ joined, docker, seed, daemon, preset, ...own }: LabChoice): Lab {
  const { hosts, underlay, nodes, managers, ingress } = own;
  return Lab.named(preset, {
    ...{ docker, seed, daemon, hosts, underlay, nodes, managers, ingress },
    joined: joined ? undefined : false,
  });
}
