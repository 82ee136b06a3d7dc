import { BuildError } from "./build-error.js";
import * as config from "./config-instructions.js";
import { goList } from "./config-instructions.js";
import { add, copy, workdir } from "./copy.js";
import type { Handler } from "./stage.js";

const run: Handler = (build, stage, { rest, list, flags, line }) => {
  if (flags.length > 0 && build.classic)
    throw new BuildError(
      `the ${flags[0]!.split("=")[0]} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled`,
      line,
    );
  if (flags.length > 0) throw new BuildError(`RUN ${flags[0]!.split("=")[0]} is not supported here`, line);
  const argv = list ?? [...stage.shell, ...(rest === "" ? [] : [rest])];
  const argWords = [...stage.args].map(([name, value]) => `${name}=${value}`);
  return { kind: "run", text: list === null ? rest : goList(argv), config: stage.config, argv, argWords };
};

/** What each instruction does; FROM makes a stage and is not among them. */
export const INSTRUCTIONS: Readonly<Record<string, Handler>> = {
  ADD: add,
  ARG: config.argument,
  CMD: config.command,
  COPY: copy,
  ENTRYPOINT: config.entrypoint,
  ENV: config.env,
  EXPOSE: config.expose,
  HEALTHCHECK: config.healthcheck,
  LABEL: config.label,
  MAINTAINER: config.maintainer,
  ONBUILD: config.onbuild,
  RUN: run,
  SHELL: config.shell,
  STOPSIGNAL: config.stopSignal,
  USER: config.user,
  VOLUME: config.volume,
  WORKDIR: workdir,
};
