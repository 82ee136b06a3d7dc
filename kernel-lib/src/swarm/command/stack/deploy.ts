import { commandLine } from "../../../base/command-line.js";
import { KernelError } from "../../../base/errno.js";
import { type Call, ClientError, daemonSays, type Subcommand } from "../../../docker/command/subcommand.js";
import { DockerError } from "../../../docker/docker-error.js";
import { GoSyntaxError } from "../../../docker/go/duration.js";
import type { Steps } from "../../../host/process.js";
import { memberOf } from "../../directory.js";
import type { SwarmMember } from "../../member.js";
import { ServiceControl } from "../../service/control.js";
import { lookUpNetworks } from "../../service/look-up-networks.js";
import { pinImage } from "../../service/pin-image.js";
import { type ComposeFile, ignoredOptions, mergeFiles, readComposeFile } from "../../stack/compose-file.js";
import { Converter, type StackService } from "../../stack/convert.js";
import { ComposeError } from "../../stack/interpolate.js";
import { NOT_A_MANAGER, stackServices } from "../../stack/stack.js";
import {
  checkExternal,
  networkRequest,
  type StackNetwork,
  stackNetworks,
} from "../../stack/stack-networks.js";
import { STACK_DEPLOY as HELP_20_10 } from "../usage/stack.js";
import { STACK_DEPLOY } from "../usage/stack-28.js";

/** `docker stack deploy`. */
export const stackDeploy: Subcommand = {
  names: ["stack deploy", "stack up"],
  help: STACK_DEPLOY,
  olderHelp: HELP_20_10,
  minimum: 1,
  maximum: 1,
  *run(call) {
    try {
      return yield* deploy(call, call.words[0]!);
    } catch (error) {
      if (error instanceof ComposeError || error instanceof GoSyntaxError)
        throw new ClientError(error.message);
      throw error;
    }
  },
};

const DETACHED =
  "Since --detach=false was not specified, tasks will be created in the background.\nIn a future release, --detach=false will become the default.\n";

function* deploy(call: Call, namespace: string): Steps {
  const { engine, flags, process } = call;
  if (flags.values("compose-file").length === 0)
    throw new ClientError("Please specify a Compose file (with --compose-file)");
  checkNamespace(namespace);
  const file = readFiles(call);
  const member = memberOf(engine);
  yield* engine.work(20);
  if (engine.version.messages === "28" && !flags.has("detach")) call.stderr.write(DETACHED);
  if (!member.isManager) throw new ClientError(NOT_A_MANAGER);
  const networks = stackNetworks(namespace, file);
  const names = new Map(networks.map(({ key, name }) => [key, name]));
  const converter = new Converter(namespace, names, file.volumes, environment(call));
  const services = [...file.services].map(([name, service]) => converter.service(name, service));
  if (flags.bool("prune")) prune(call, member, namespace, services);
  for (const network of networks) checkExternal(member, network);
  yield* createNetworks(call, namespace, networks);
  for (const service of services) {
    yield* engine.work(20);
    deployService(call, member, service, commandLine(process.argv));
  }
  return 0;
}

function checkNamespace(namespace: string): void {
  if (namespace.trim() === "") throw new ClientError(`invalid stack name: ${JSON.stringify(namespace)}`);
}

/** What the client's variables are, with the folder in which it runs. */
function environment({ process }: Call): ReadonlyMap<string, string> {
  return new Map([...process.env, ["PWD", process.cwd]]);
}

function readFiles(call: Call): ComposeFile {
  const { flags, process, stderr } = call;
  const env = environment(call);
  const files = flags
    .values("compose-file")
    .flatMap((list) => list.split(","))
    .map((path) => {
      return readComposeFile(path === "-" ? process.stdin : readText(call, path), env);
    });
  const merged = mergeFiles(files);
  for (const [name, service] of merged.services)
    if (service.image === undefined && call.engine.version.messages === "28")
      throw new ComposeError(`invalid image reference for service ${name}: no image specified`);
  for (const file of files) stderr.write(ignoredOptions(file));
  return merged;
}

function readText({ process }: Call, path: string): string {
  const full = path.startsWith("/") ? path : `${process.cwd === "/" ? "" : process.cwd}/${path}`;
  try {
    return process.files.readText(full);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new ComposeError(`open ${path}: no such file or directory`);
  }
}

function prune(call: Call, member: SwarmMember, namespace: string, services: readonly StackService[]): void {
  const wanted = new Set(services.map(({ spec }) => spec.name));
  const control = new ServiceControl(member);
  for (const service of stackServices(control.cluster, namespace)) {
    if (wanted.has(service.spec.name)) continue;
    call.stdout.write(`Removing service ${service.spec.name}\n`);
    control.remove(service);
  }
}

function* createNetworks(call: Call, namespace: string, networks: readonly StackNetwork[]): Steps<void> {
  const { engine, stdout } = call;
  const member = memberOf(engine);
  for (const network of networks) {
    const known = [...member.expectManager().store.networks.values()].some(
      ({ name }) => name === network.name,
    );
    if (network.external || known) continue;
    stdout.write(`Creating network ${network.name}\n`);
    const request = networkRequest(namespace, network);
    try {
      if (request.driver === "overlay") yield* member.networks.create(request);
      else
        throw new ClientError(
          `docker stack deploy: networks of driver ${JSON.stringify(request.driver)} are not supported here`,
        );
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      throw new ClientError(`failed to create network ${network.name}: ${daemonSays(error)}`);
    }
  }
}

function deployService(
  { engine, flags, stderr, stdout }: Call,
  member: SwarmMember,
  { spec: wanted, networks }: StackService,
  cause: string,
): void {
  const control = new ServiceControl(member);
  const { name } = wanted;
  const existing = [...control.cluster.store.services.values()].find((service) => service.spec.name === name);
  stdout.write(
    existing === undefined ? `Creating service ${name}\n` : `Updating service ${name} (id: ${existing.id})\n`,
  );
  const pinned = pinImage(engine, wanted.container.image);
  stderr.write(flags.value("resolve-image") === "never" ? "" : pinned.warning);
  const spec = {
    ...wanted,
    container: { ...wanted.container, image: pinned.text },
    networks: lookUpNetworks(member, networks),
  };
  try {
    if (existing === undefined) control.create(spec, cause);
    else control.update(existing, { ...spec, forceUpdate: existing.spec.forceUpdate }, cause);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const what = existing === undefined ? "create" : "update";
    throw new ClientError(`failed to ${what} service ${name}: ${daemonSays(error)}`);
  }
}
