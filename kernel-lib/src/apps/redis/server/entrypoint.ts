import type { Program } from "../../../host/process.js";

/** Programs for which the entrypoint puts `redis-server` before the arguments: options, or a configuration file. */
const OPTIONS_ONLY = /^-|\.conf$/;

/**
 * docker-entrypoint.sh of the official image: `docker run redis --save ""` becomes `redis-server --save ""`; anything else runs as it is. It replaces itself
 * by the program (exec), as process 1. Divergence: the server keeps the user root.
 */
export const redisEntrypoint: Program = (process) => {
  const given = process.argv.slice(1);
  const argv = given[0] === undefined || OPTIONS_ONLY.test(given[0]) ? ["redis-server", ...given] : given;
  const program = process.programs.get(argv[0]!.replace(/^.*\//, ""));
  if (program === undefined) {
    process.stderr.write(`/usr/local/bin/docker-entrypoint.sh: 21: exec: ${argv[0]}: not found\n`);
    return 127;
  }
  Object.assign(process, { argv });
  return program(process);
};
