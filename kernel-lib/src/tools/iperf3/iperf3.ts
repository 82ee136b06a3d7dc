import { KERNEL_BUILD } from "../../host/fs/kernel-build.js";
import { Output, type Program, type Steps } from "../../host/process.js";
import { steppedTool } from "../tool-exit.js";
import { runClient } from "./client.js";
import { readIperfOptions } from "./options.js";
import { runServer } from "./server.js";

/** `iperf3` 3.12 for TCP and UDP: -s -c -p -B -1 -D -u -b -t -n -k -l -P -R -M -N -i -f. Its control connection speaks the real one's protocol. */
export const iperf3: Program = steppedTool(function* (process): Steps<number> {
  const { host, uts } = process;
  const options = readIperfOptions(
    process.argv,
    `Linux ${uts.hostname} ${host.kernelRelease} ${KERNEL_BUILD} x86_64`,
  );
  if (!options.server) return yield* runClient(process, options);
  if (!options.daemon) return yield* runServer(process, options);
  const argv = process.argv.filter((word) => word !== "-D" && word !== "--daemon");
  process.spawn({ argv, stdout: new Output(), stderr: new Output() });
  return 0;
});
