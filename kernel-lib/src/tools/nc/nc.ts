import type { Program } from "../../host/process.js";
import { steppedTool } from "../tool-exit.js";
import { runClient } from "./connect.js";
import { runServer } from "./listen.js";
import { parseNc } from "./options.js";

/** OpenBSD netcat 1.219 as Debian has it: -l -p -z -v -u -w -n -k -N -q -s -4. All of standard input is there from the start. */
export const nc: Program = steppedTool(function* (process) {
  const options = parseNc(process.argv);
  return options.listen ? yield* runServer(process, options) : yield* runClient(process, options);
});
