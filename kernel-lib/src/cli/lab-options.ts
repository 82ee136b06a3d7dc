import { type Command, InvalidArgumentError } from "commander";
import { DOCKER_VERSIONS, type DockerVersion } from "../docker/versions/version.js";
import { Lab } from "../lab/lab.js";
import { PRESETS, type PresetName } from "../lab/preset.js";
import { wholeNumber } from "./numbers.js";

export interface LabChoice {
  readonly preset: PresetName;
  readonly docker: DockerVersion;
  readonly seed: number;
}

function oneOf<T extends string>(names: readonly T[]): (text: string) => T {
  return (text) => {
    const name = names.find((known) => known === text);
    if (name === undefined) throw new InvalidArgumentError(`There are: ${names.join(", ")}.`);
    return name;
  };
}

/** Adds `--preset`, `--docker` and `--seed` to a command. */
export function withLabOptions(command: Command): Command {
  return command
    .option(
      "--preset <name>",
      "the machines of the lab",
      oneOf(Object.keys(PRESETS) as PresetName[]),
      "single",
    )
    .option("--docker <release>", "release of the Docker engine", oneOf(DOCKER_VERSIONS), "28")
    .option("--seed <n>", "seed of all chance in the lab", wholeNumber(0, 2 ** 31 - 1), 1);
}

export function labOf(choice: LabChoice): Lab {
  return Lab.preset(choice.preset, choice) as unknown as Lab;
}
