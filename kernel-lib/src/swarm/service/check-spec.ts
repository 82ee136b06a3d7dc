import { DockerError } from "../../docker/docker-error.js";
import { goQuote } from "../../docker/go/text.js";
import type { EngineVersion } from "../../docker/versions/engine-version.js";
import type { Resources, ServicePort, ServiceSpec, UpdateConfig } from "../model/service.js";
import type { Store } from "../model/store.js";
import { parseConstraints } from "../orchestrator/constraint.js";
import { type RpcCode, rpcError } from "./rpc-error.js";

/** What the manager refuses of a spec, by itself and beside the other services (swarmkit's controlapi/service.go). Throws DockerError. */
export class SpecChecker {
  constructor(
    private readonly store: Store,
    private readonly version: EngineVersion,
  ) {}

  check(spec: ServiceSpec, own: string | null): void {
    this.checkName(spec.name);
    if (spec.container.image === "") this.refuse("ContainerSpec: image reference must be provided");
    this.checkResources(spec.limits);
    this.checkResources(spec.reservations);
    this.checkRestart(spec);
    this.checkConstraints(spec.constraints);
    this.checkUpdate(spec.update);
    this.checkUpdate(spec.rollback);
    this.checkEndpoint(spec);
    this.checkNetworks(spec);
    this.checkPorts(spec, own);
  }

  private refuse(text: string, code: RpcCode = "InvalidArgument"): never {
    throw rpcError(this.version, code, text);
  }

  private checkName(name: string): void {
    if (name.length > 63) this.refuse("name must be 63 characters or fewer");
    if (!/^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_]*[a-zA-Z0-9])?$/.test(name))
      this.refuse("name must be valid as a DNS name component");
  }

  private checkResources({ nanoCpus, memoryBytes }: Resources): void {
    if (nanoCpus !== 0 && nanoCpus < 1e6)
      this.refuse(`invalid cpu value ${nanoCpus / 1e9}: Must be at least ${0.001}`);
    if (memoryBytes !== 0 && memoryBytes < 4 * 1024 * 1024)
      this.refuse(`invalid memory value ${memoryBytes}: Must be at least 4MiB`);
  }

  private checkRestart({ restart }: ServiceSpec): void {
    if (restart.delay < 0) this.refuse("TaskSpec: restart-delay cannot be negative");
    if (restart.window < 0) this.refuse("TaskSpec: restart-window cannot be negative");
  }

  private checkConstraints(texts: readonly string[]): void {
    try {
      parseConstraints(texts);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.refuse(error.message, "Unknown");
    }
  }

  private checkUpdate({ delay, monitor, maxFailureRatio }: UpdateConfig): void {
    if (delay < 0) this.refuse("TaskSpec: update-delay cannot be negative");
    if (monitor < 0) this.refuse("TaskSpec: update-monitor cannot be negative");
    if (maxFailureRatio < 0 || maxFailureRatio > 1)
      this.refuse("TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1");
  }

  private checkEndpoint({ endpointMode, ports }: ServiceSpec): void {
    if (endpointMode === "dnsrr" && ports.some(({ mode }) => mode === "ingress"))
      this.refuse("EndpointSpec: port published with ingress mode can't be used with dnsrr mode");
    const seen = new Set<string>();
    for (const port of ports) {
      if (port.publishedPort === 0) continue;
      const key = `${port.publishedPort}/${port.protocol}`;
      if (seen.has(key)) this.refuse("EndpointSpec: duplicate published ports provided");
      seen.add(key);
    }
  }

  private checkNetworks({ networks }: ServiceSpec): void {
    for (const { target } of networks) {
      const network = this.store.networks.get(target);
      if (network?.ingress === true)
        this.refuse(`Service cannot be explicitly attached to the ingress network "${network.name}"`);
    }
  }

  /** A port of the ingress mesh belongs to one service; one of host mode may be shared by several in host mode. */
  private checkPorts(spec: ServiceSpec, own: string | null): void {
    for (const port of spec.ports) {
      if (port.publishedPort === 0) continue;
      for (const other of this.store.services.values()) {
        if (other.id === own) continue;
        const taken = [...other.spec.ports, ...other.ports].find((theirs) => clashes(port, theirs));
        if (taken !== undefined)
          this.refuse(
            `port '${port.publishedPort}' is already in use by service '${other.spec.name}' (${other.id}) as ${
              taken.mode === "ingress" ? "an ingress port" : "a host-published port"
            }`,
          );
      }
    }
  }
}

function clashes(port: ServicePort, theirs: ServicePort): boolean {
  return (
    port.publishedPort === theirs.publishedPort &&
    port.protocol === theirs.protocol &&
    (port.mode === "ingress" || theirs.mode === "ingress")
  );
}

/** Throws DockerError when a service of that name is there. */
export function checkNameIsFree(store: Store, version: EngineVersion, name: string): void {
  for (const { spec } of store.services.values())
    if (spec.name.toLowerCase() === name.toLowerCase()) throw nameTaken(version, name);
}

const MODES: readonly string[] = ["vip", "dnsrr"];

/** What the daemon itself refuses before it asks the manager. */
export function checkInDaemon({ endpointMode, container }: ServiceSpec): void {
  if (!MODES.includes(endpointMode))
    throw new DockerError(`invalid resolution mode: ${goQuote(endpointMode)}`, "invalid");
  for (const { type } of container.mounts)
    if (!["bind", "volume", "tmpfs"].includes(type))
      throw new DockerError(`invalid MountType: ${goQuote(type)}`, "invalid");
}

/** The name is told only from 18 on. */
function nameTaken(version: EngineVersion, name: string): DockerError {
  const conflict = "name conflicts with an existing object";
  return version.release.startsWith("1")
    ? rpcError(version, "Unknown", conflict)
    : rpcError(version, "AlreadyExists", `${conflict}: service ${name} already exists`);
}
