import { commandLine } from "../../../base/command-line.js";
import { splitOnce } from "../../../docker/command/flags.js";
import { type Call, ClientError, type Subcommand } from "../../../docker/command/subcommand.js";
import { usageLine } from "../../../docker/command/usage-errors.js";
import { DockerError } from "../../../docker/docker-error.js";
import { GoSyntaxError, parseUint } from "../../../docker/go/duration.js";
import { memberOf } from "../../directory.js";
import type { ServiceObject } from "../../model/service.js";
import { ServiceControl } from "../../service/control.js";
import { serviceRefusal } from "../../service/not-found.js";
import { SERVICE_SCALE as HELP_20_10 } from "../usage/service.js";
import { SERVICE_SCALE } from "../usage/service-28.js";
import { detaches, waitOnService } from "./wait.js";

/** `docker service scale`. */
export const serviceScale: Subcommand = {
  names: ["service scale"],
  help: SERVICE_SCALE,
  olderHelp: HELP_20_10,
  minimum: 1,
  maximum: Infinity,
  *run(call) {
    for (const word of call.words) checkSpecifier(call, word);
    const refusals: string[] = [];
    const scaled: ServiceObject[] = [];
    for (const word of call.words) {
      const [name, count] = splitOnce(word, "=");
      yield* call.engine.work(10);
      try {
        scaled.push(scaleOne(call, name, count!));
        call.stdout.write(`${name} scaled to ${count}\n`);
      } catch (error) {
        if (error instanceof DockerError) refusals.push(`${name}: ${serviceRefusal(call, error, name)}`);
        else if (error instanceof ClientError) refusals.push(`${name}: ${error.message}`);
        else throw error;
      }
    }
    let status = 0;
    if (!detaches(call)) for (const service of scaled) status = yield* waitOnService(call, service);
    if (refusals.length > 0) throw new ClientError(refusals.join("\n"));
    return status;
  },
};

function checkSpecifier(call: Call, word: string): void {
  if (word.includes("=")) return;
  const help = "docker service scale";
  throw new ClientError(
    call.engine.version.messages === "28"
      ? `invalid scale specifier '${word}'.\n\n${usageLine(SERVICE_SCALE)}\n\nRun '${help} --help' for more information`
      : `Invalid scale specifier '${word}'.\nSee '${help} --help'.\n\n${usageLine(SERVICE_SCALE)}\n\nScale one or multiple replicated services`,
  );
}

function scaleOne(call: Call, name: string, count: string): ServiceObject {
  const replicas = countOf(count);
  const control = new ServiceControl(memberOf(call.engine));
  const service = control.find(name);
  if (service.spec.mode.kind !== "replicated")
    throw new ClientError("scale can only be used with replicated or replicated-job mode");
  const spec = { ...service.spec, mode: { kind: "replicated", replicas } as const };
  control.update(service, spec, commandLine(call.process.argv));
  return service;
}

function countOf(text: string): number {
  try {
    return parseUint(text);
  } catch (error) {
    if (!(error instanceof GoSyntaxError)) throw error;
    throw new ClientError(`invalid replicas value ${text}: ${error.message}`);
  }
}
