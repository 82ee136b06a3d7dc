import { seconds } from "../../base/units.js";
import type { ContainerSpec, RestartPolicy, ServiceSpec, UpdateConfig } from "../model/service.js";

/** What swarmkit takes where nothing is said (api/defaults/service.go). */
export const DEFAULT_RESTART: RestartPolicy = {
  condition: "any",
  delay: seconds(5),
  maxAttempts: 0,
  window: 0,
};

export const DEFAULT_UPDATE: UpdateConfig = {
  parallelism: 1,
  delay: 0,
  failureAction: "pause",
  monitor: seconds(5),
  maxFailureRatio: 0,
  order: "stop-first",
};

const EMPTY_CONTAINER: ContainerSpec = {
  image: "",
  command: [],
  args: [],
  hostname: "",
  env: [],
  workingDirectory: "",
  user: "",
  labels: new Map(),
  hosts: [],
  dns: [],
  dnsSearch: [],
  dnsOptions: [],
  sysctls: new Map(),
  capAdd: [],
  capDrop: [],
  stopSignal: "",
  stopGracePeriod: seconds(10),
  tty: false,
  init: false,
  mounts: [],
};

/** A service of one replica of an image. */
export function plainService(name: string, image: string): ServiceSpec {
  return {
    name,
    labels: new Map(),
    container: { ...EMPTY_CONTAINER, image },
    limits: { nanoCpus: 0, memoryBytes: 0 },
    reservations: { nanoCpus: 0, memoryBytes: 0 },
    restart: DEFAULT_RESTART,
    constraints: [],
    preferences: [],
    maxReplicas: 0,
    networks: [],
    mode: { kind: "replicated", replicas: 1 },
    update: DEFAULT_UPDATE,
    rollback: DEFAULT_UPDATE,
    endpointMode: "vip",
    ports: [],
    forceUpdate: 0,
  };
}
