import type { Engine } from "../engine.js";
import { type Call, ClientError, type Subcommand } from "./subcommand.js";
import { INFO } from "./usage/image.js";

/** The client's part of `docker info`. */
export function clientInfo(): string {
  return "Client:\n Context:    default\n Debug Mode: false\n\n";
}

/** `docker info`. What the lab does not model is as on the recorded machine; the machine's memory and the daemon's ID are left out. */
export const info: Subcommand = {
  names: ["info"],
  help: INFO,
  minimum: 0,
  maximum: 0,
  run(call: Call) {
    if (call.flags.has("format")) throw new ClientError("docker info: option --format is not supported here");
    const { engine, stdout, stderr } = call;
    stdout.write(`${clientInfo()}${serverInfo(engine)}\n`);
    for (const warning of warnings(engine)) stderr.write(`WARNING: ${warning}\n`);
    return 0;
  },
};

function serverInfo(engine: Engine): string {
  const all = engine.containers.list();
  const running = all.filter((container) => container.running).length;
  const { version, host } = engine;
  return [
    "Server:",
    ` Containers: ${all.length}`,
    `  Running: ${running}`,
    "  Paused: 0",
    `  Stopped: ${all.length - running}`,
    ` Images: ${engine.images.all().length}`,
    ` Server Version: ${version.server.version}`,
    " Storage Driver: overlay2",
    "  Backing Filesystem: extfs",
    "  Supports d_type: true",
    "  Native Overlay Diff: true",
    "  userxattr: false",
    " Logging Driver: json-file",
    " Cgroup Driver: cgroupfs",
    " Cgroup Version: 1",
    " Plugins:",
    "  Volume: local",
    "  Network: bridge host ipvlan macvlan null overlay",
    "  Log: awslogs fluentd gcplogs gelf journald json-file local logentries splunk syslog",
    ...(engine.swarm?.infoLines() ?? [" Swarm: inactive"]),
    " Runtimes: io.containerd.runc.v2 io.containerd.runtime.v1.linux runc",
    " Default Runtime: runc",
    " Init Binary: docker-init",
    ` containerd version: ${version.containerd.commit}`,
    ` runc version: ${version.runc.commit}`,
    ` init version: ${version.init.commit}`,
    " Security Options:",
    "  seccomp",
    "   Profile: default",
    ` Kernel Version: ${host.kernelRelease}`,
    " Operating System: Debian GNU/Linux 12 (bookworm)",
    " OSType: linux",
    " Architecture: x86_64",
    " CPUs: 2",
    ` Name: ${host.uts.hostname}`,
    " Docker Root Dir: /var/lib/docker",
    " Debug Mode: false",
    " Registry: https://index.docker.io/v1/",
    " Labels:",
    " Experimental: false",
    " Insecure Registries:",
    "  127.0.0.0/8",
    " Live Restore Enabled: false",
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** What the machine's kernel is set to now that containers would not like (addSystemInfo). */
function warnings({ host }: Engine): string[] {
  const { sysctls } = host.rootNetns;
  const off = (name: string) => sysctls.get(name) === "0";
  const found: string[] = [];
  if (off("net.ipv4.ip_forward")) found.push("IPv4 forwarding is disabled");
  for (const which of ["iptables", "ip6tables"])
    if (off(`net.bridge.bridge-nf-call-${which}`)) found.push(`bridge-nf-call-${which} is disabled`);
  return found;
}
