import { DockerError } from "../../docker/docker-error.js";
import type { Cluster } from "../cluster/cluster.js";
import type { SwarmMember } from "../member.js";
import type { ServiceObject, ServiceSpec } from "../model/service.js";
import { checkInDaemon, checkNameIsFree, SpecChecker } from "./check-spec.js";
import { rpcError } from "./rpc-error.js";

/** What a manager does with services when its API is asked to (swarmkit's controlapi). Each call throws DockerError and then has changed nothing. */
export class ServiceControl {
  readonly cluster: Cluster;

  constructor(private readonly member: SwarmMember) {
    this.cluster = member.expectManager();
  }

  /** A name or an id, whole or its beginning. */
  find(text: string): ServiceObject {
    this.cluster.expectLeader();
    const found = findService(this.cluster, text);
    if (found === "several")
      throw new DockerError(`service ${text} is ambiguous (2 matches found)`, "invalid");
    if (found === null) throw new DockerError(`service ${text} not found`, "notFound", "service");
    return found;
  }

  create(spec: ServiceSpec, cause: string): ServiceObject {
    const { cluster } = this;
    const { version } = this.member.engine;
    cluster.expectLeader();
    checkInDaemon(spec);
    new SpecChecker(cluster.store, version).check(spec, null);
    checkNameIsFree(cluster.store, version, spec.name);
    const { now } = cluster.world.scheduler;
    const service: ServiceObject = {
      id: cluster.ids.next(),
      spec,
      previousSpec: null,
      ports: [],
      virtualIps: [],
      updateStatus: null,
      createdAt: now,
      updatedAt: now,
      version: 0,
      cause,
    };
    cluster.store.put("service", service);
    return service;
  }

  update(service: ServiceObject, spec: ServiceSpec, cause: string): void {
    const { cluster } = this;
    const { version } = this.member.engine;
    cluster.expectLeader();
    checkInDaemon(spec);
    new SpecChecker(cluster.store, version).check(spec, service.id);
    if (spec.name !== service.spec.name)
      throw rpcError(version, "Unimplemented", "renaming services is not supported");
    if (spec.mode.kind !== service.spec.mode.kind)
      throw rpcError(version, "Unimplemented", "service mode change is not allowed");
    service.previousSpec = service.spec;
    service.spec = spec;
    this.changed(service, cause);
  }

  /** Goes back to the spec before the last change; what is now becomes the one before. */
  rollback(service: ServiceObject, cause: string): void {
    this.cluster.expectLeader();
    if (service.previousSpec === null)
      throw rpcError(
        this.member.engine.version,
        "FailedPrecondition",
        `service ${service.id} does not have a previous spec`,
      );
    const previous = service.previousSpec;
    service.previousSpec = null;
    service.spec = previous;
    this.changed(service, cause, "rollback");
  }

  private changed(service: ServiceObject, cause: string, how: "update" | "rollback" = "update"): void {
    const { now } = this.cluster.world.scheduler;
    service.updatedAt = now;
    service.cause = cause;
    service.updateStatus =
      how === "rollback"
        ? {
            state: "rollback_started",
            startedAt: now,
            completedAt: null,
            message: "manually requested rollback",
          }
        : null;
    this.cluster.store.put("service", service);
  }

  remove(service: ServiceObject): void {
    this.cluster.expectLeader();
    this.cluster.store.remove("service", service.id);
  }
}

/** By id, then by name, then by the beginning of an id (moby's cluster.getService). */
export function findService({ store }: Cluster, text: string): ServiceObject | "several" | null {
  const exact = store.services.get(text);
  if (exact !== undefined) return exact;
  const all = [...store.services.values()];
  const named = all.find(({ spec }) => spec.name === text);
  if (named !== undefined) return named;
  const begins = text === "" ? [] : all.filter(({ id }) => id.startsWith(text));
  return begins.length > 1 ? "several" : (begins[0] ?? null);
}
