import { GoMap, GoNil, GoStruct, type GoValue } from "../go/value.js";
import type { Container } from "./container.js";

const MASKED = [
  "asound",
  "acpi",
  "kcore",
  "keys",
  "latency_stats",
  "timer_list",
  "timer_stats",
  "sched_debug",
  "scsi",
];
const READONLY = ["bus", "fs", "irq", "sys", "sysrq-trigger"];

/** HostConfig of `docker inspect`: what the lab has no model for has Docker's default. */
export function inspectHostConfig(container: Container): GoStruct {
  return GoStruct.of(
    "container.HostConfig",
    { ...generalFields(container), ...resourceFields(container), ...pathFields(container) },
    true,
  );
}

const orNil = (items: readonly string[]): GoValue => (items.length === 0 ? GoNil.slice : [...items]);

function portBindings(container: Container): GoMap {
  const entries = new Map<string, GoValue[]>();
  for (const port of container.request.ports) {
    const key = `${port.containerPort}/${port.protocol}`;
    const list = entries.get(key) ?? [];
    list.push(GoStruct.of("nat.PortBinding", { HostIp: port.hostIp, HostPort: port.hostPort }));
    entries.set(key, list);
  }
  return new GoMap(entries, "[]nat.PortBinding");
}

function generalFields(container: Container): Record<string, GoValue> {
  const { request } = container;
  return {
    Binds: GoNil.slice,
    ContainerIDFile: "",
    LogConfig: GoStruct.of("container.LogConfig", { Type: "json-file", Config: GoMap.of({}) }),
    NetworkMode: request.networkMode,
    PortBindings: portBindings(container),
    RestartPolicy: GoStruct.of("container.RestartPolicy", {
      Name: request.restart.name,
      MaximumRetryCount: request.restart.retries,
    }),
    AutoRemove: request.autoRemove,
    VolumeDriver: "",
    VolumesFrom: GoNil.slice,
    CapAdd: orNil(request.capAdd),
    CapDrop: orNil(request.capDrop),
    CgroupnsMode: "host",
    Dns: [...request.dns],
    DnsOptions: [...request.dnsOptions],
    DnsSearch: [...request.dnsSearch],
    ExtraHosts: orNil(request.extraHosts),
    GroupAdd: GoNil.slice,
    IpcMode: "private",
    Cgroup: "",
    Links: GoNil.slice,
    OomScoreAdj: 0,
    PidMode: "",
    Privileged: request.privileged,
    PublishAllPorts: request.publishAll,
    ReadonlyRootfs: false,
    SecurityOpt: request.privileged ? ["label=disable"] : GoNil.slice,
    ...(request.sysctls.size === 0 ? {} : { Sysctls: new GoMap(request.sysctls, "string") }),
    UTSMode: "",
    UsernsMode: "",
    ShmSize: 67108864,
    Runtime: "runc",
    ConsoleSize: [0, 0],
    Isolation: "",
  };
}

function resourceFields(container: Container): Record<string, GoValue> {
  return {
    CpuShares: 0,
    Memory: container.request.memory,
    NanoCpus: 0,
    CgroupParent: "",
    BlkioWeight: 0,
    BlkioWeightDevice: [],
    BlkioDeviceReadBps: GoNil.slice,
    BlkioDeviceWriteBps: GoNil.slice,
    BlkioDeviceReadIOps: GoNil.slice,
    BlkioDeviceWriteIOps: GoNil.slice,
    CpuPeriod: 0,
    CpuQuota: 0,
    CpuRealtimePeriod: 0,
    CpuRealtimeRuntime: 0,
    CpusetCpus: "",
    CpusetMems: "",
    Devices: [],
    DeviceCgroupRules: GoNil.slice,
    DeviceRequests: GoNil.slice,
    KernelMemory: 0,
    KernelMemoryTCP: 0,
    MemoryReservation: 0,
    MemorySwap: 2 * container.request.memory,
    MemorySwappiness: GoNil.pointer,
    OomKillDisable: false,
    PidsLimit: GoNil.pointer,
    Ulimits: GoNil.slice,
    CpuCount: 0,
    CpuPercent: 0,
    IOMaximumIOps: 0,
    IOMaximumBandwidth: 0,
  };
}

function pathFields(container: Container): Record<string, GoValue> {
  const { privileged } = container.request;
  return {
    MaskedPaths: privileged ? GoNil.slice : [...MASKED.map((name) => `/proc/${name}`), "/sys/firmware"],
    ReadonlyPaths: privileged ? GoNil.slice : READONLY.map((name) => `/proc/${name}`),
  };
}
