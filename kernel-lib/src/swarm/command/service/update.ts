import { commandLine } from "../../../base/command-line.js";
import { flagsOf } from "../../../docker/command/flags.js";
import { type Call, ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import { memberOf } from "../../directory.js";
import { ServiceControl } from "../../service/control.js";
import { FLAG_READERS } from "../../service/create-spec.js";
import { FlagValues } from "../../service/flag-values.js";
import { inClientWords } from "../../service/not-found.js";
import { pinImage } from "../../service/pin-image.js";
import { updateSpec } from "../../service/update-spec.js";
import { SERVICE_UPDATE as HELP_20_10 } from "../usage/service.js";
import { SERVICE_UPDATE } from "../usage/service-update-28.js";
import { refuseUnsupported } from "./create.js";
import { detachNotice, waitOnService } from "./wait.js";

const FLAGS = flagsOf(SERVICE_UPDATE);

const UNSUPPORTED = (
  "config-add config-rm credential-spec generic-resource-add generic-resource-rm group-add group-rm health-cmd health-interval health-retries " +
  "health-start-interval health-start-period health-timeout isolation limit-pids log-driver log-opt max-concurrent no-healthcheck oom-score-adj read-only " +
  "secret-add secret-rm ulimit-add ulimit-rm"
).split(" ");

/** `docker service update`. */
export const serviceUpdate: Subcommand = {
  names: ["service update"],
  help: SERVICE_UPDATE,
  olderHelp: HELP_20_10,
  minimum: 1,
  maximum: 1,
  *run(call) {
    const { engine, flags, process, stderr, stdout } = call;
    refuseUnsupported(call, "service update", UNSUPPORTED);
    const values = new FlagValues(flags, FLAGS);
    values.check(FLAG_READERS);
    const word = call.words[0]!;
    const member = memberOf(engine);
    const control = new ServiceControl(member);
    const service = inClientWords(call, word, () => control.find(word));
    yield* engine.work(20);
    const cause = commandLine(process.argv);
    if (flags.bool("rollback")) {
      refuseOthers(call);
      control.rollback(service, cause);
    } else {
      let spec = updateSpec(member, values, service.spec);
      if (flags.has("image")) {
        const pinned = pinImage(engine, flags.value("image")!);
        stderr.write(pinned.warning);
        spec = { ...spec, container: { ...spec.container, image: pinned.text } };
      }
      control.update(service, spec, cause);
    }
    stdout.write(`${word}\n`);
    detachNotice(call, "updated");
    return yield* waitOnService(call, service);
  },
};

/** `--rollback` goes with no other option that says what to change. */
function refuseOthers({ flags }: Call): void {
  for (const { name } of FLAGS)
    if (flags.has(name) && !["rollback", "detach", "quiet"].includes(name))
      throw new ClientError("other flags may not be combined with --rollback");
}
