import { commandLine } from "../../../base/command-line.js";
import { flagsOf } from "../../../docker/command/flags.js";
import { type Call, ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import { memberOf } from "../../directory.js";
import { ServiceControl } from "../../service/control.js";
import { createSpec } from "../../service/create-spec.js";
import { FlagValues } from "../../service/flag-values.js";
import { lookUpNetworks } from "../../service/look-up-networks.js";
import { pinImage } from "../../service/pin-image.js";
import { newServiceName } from "../../service/service-names.js";
import { SERVICE_CREATE as HELP_20_10 } from "../usage/service.js";
import { SERVICE_CREATE } from "../usage/service-28.js";
import { detachNotice, waitOnService } from "./wait.js";

const FLAGS = flagsOf(SERVICE_CREATE);

/** Options of Docker's that the lab has no model for. */
const UNSUPPORTED = (
  "config credential-spec env-file generic-resource group health-cmd health-interval health-retries health-start-interval health-start-period health-timeout " +
  "isolation limit-pids log-driver log-opt max-concurrent no-healthcheck oom-score-adj read-only secret ulimit"
).split(" ");

/** Throws ClientError for an option that the lab has no model for. */
export function refuseUnsupported({ flags }: Call, command: string, names: readonly string[]): void {
  for (const name of names)
    if (flags.has(name)) throw new ClientError(`docker ${command}: option --${name} is not supported here`);
}

/** `docker service create`. */
export const serviceCreate: Subcommand = {
  names: ["service create"],
  help: SERVICE_CREATE,
  olderHelp: HELP_20_10,
  minimum: 1,
  maximum: Infinity,
  interspersed: false,
  *run(call) {
    const { engine, flags, process, stdout, stderr } = call;
    refuseUnsupported(call, "service create", UNSUPPORTED);
    const [image = "", ...args] = call.words;
    const wanted = createSpec(new FlagValues(flags, FLAGS), image, args);
    const member = memberOf(engine);
    const networks = lookUpNetworks(member, wanted.networks);
    const pinned = pinImage(engine, image);
    yield* engine.work(30);
    const control = new ServiceControl(member);
    const { spec } = wanted;
    stderr.write(pinned.warning);
    const service = control.create(
      {
        ...spec,
        name: spec.name === "" ? newServiceName(control.cluster) : spec.name,
        container: { ...spec.container, image: pinned.text },
        networks,
      },
      commandLine(process.argv),
    );
    stdout.write(`${service.id}\n`);
    detachNotice(call, "created");
    return yield* waitOnService(call, service);
  },
};
