import { formatIpv4, formatMac } from "../../../base/addresses.js";
import type { Runtime } from "../runtime.js";

const SIGNALS = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/** `node:os`. */
export function osModule({ task, loop }: Runtime): unknown {
  const { host } = task;
  return {
    EOL: "\n",
    arch: () => "x64",
    platform: () => "linux",
    type: () => "Linux",
    machine: () => "x86_64",
    release: () => host.kernelRelease,
    version: () => "#1 SMP PREEMPT_DYNAMIC",
    hostname: () => task.uts.hostname,
    uptime: () => loop.now / 1e9,
    loadavg: () => [0, 0, 0],
    totalmem: () => 4 * 2 ** 30,
    freemem: () => 3 * 2 ** 30,
    availableParallelism: () => host.processors.count,
    cpus: () =>
      Array.from({ length: host.processors.count }, () => ({
        model: "virtual CPU",
        speed: 0,
        times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 },
      })),
    endianness: () => "LE",
    homedir: () => task.env.get("HOME") ?? "/root",
    tmpdir: () => task.env.get("TMPDIR") ?? "/tmp",
    userInfo: () => ({ uid: 0, gid: 0, username: "root", homedir: "/root", shell: "/bin/sh" }),
    networkInterfaces: () => {
      const all: Record<string, object[]> = {};
      for (const device of task.netns.devices.values()) {
        const list = device.addresses.map(({ address, prefix: length }) => ({
          address: formatIpv4(address),
          netmask: formatIpv4(length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0),
          family: "IPv4",
          mac: formatMac(device.mac),
          internal: device.kind === "loopback",
          cidr: `${formatIpv4(address)}/${length}`,
        }));
        if (list.length > 0) all[device.name] = list;
      }
      return all;
    },
    constants: { signals: SIGNALS, errno: {} },
    devNull: "/dev/null",
  };
}
