import { seconds } from "../../../base/units.js";
import type { Call } from "../../../docker/command/subcommand.js";
import type { Steps } from "../../../host/process.js";
import { sleep } from "../../../host/waits.js";
import { memberOf } from "../../directory.js";
import type { ServiceObject } from "../../model/service.js";
import { Progress } from "../../service/progress.js";

/** The client looks five times a second. */
const POLL = seconds(0.2);

/** Since 17.10 the client waits unless it is told to detach; before, only when it is told not to, and until 17.04 not at all. */
export function detaches({ engine, flags }: Call): boolean {
  const { release } = engine.version;
  if (release.startsWith("1.12")) return true;
  if (flags.has("detach")) return flags.bool("detach");
  return release.startsWith("17.0");
}

/** What 17.05 and 17.09 say when they are not told whether to wait. */
export function detachNotice({ engine, flags, stderr }: Call, what: "created" | "updated"): void {
  if (!engine.version.release.startsWith("17.0") || flags.has("detach")) return;
  stderr.write(
    `Since --detach=false was not specified, tasks will be ${what} in the background.\nIn a future release, --detach=false will become the default.\n`,
  );
}

/** Shows how a service comes to be what it was asked to be, until it has been so for the time that its updates are watched (progress.ServiceProgress). */
export function* waitOnService(call: Call, service: ServiceObject): Steps {
  if (detaches(call)) return 0;
  const member = memberOf(call.engine);
  const quiet = call.flags.bool("quiet");
  const progress = new Progress(call.engine, service.id, quiet ? null : call.stdout, call.process.tty);
  for (;;) {
    const outcome = progress.look(member.expectManager());
    if (outcome !== null) {
      progress.end();
      if (outcome.error === "") return 0;
      call.stderr.write(`${outcome.error}\n`);
      return 1;
    }
    yield* sleep(call.process, POLL);
  }
}
