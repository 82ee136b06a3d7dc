import { describe, expect, test } from "vitest";
import { KernelError } from "../base/errno.js";
import { seconds } from "../base/units.js";
import { World } from "../trace/world.js";
import { Host } from "./host.js";
import type { Process, Program, ProgramTable } from "./process.js";
import { sleep, spawnAndWait } from "./waits.js";

const nap: Program = function* (process) {
  try {
    yield* sleep(process, seconds(Number(process.argv[1])));
    return 0;
  } finally {
    process.stdout.write("bye\n");
  }
};
const forever: Program = function* () {
  for (;;) yield { kind: "outsider", queues: [] };
};
const inner: Program = function* (process) {
  return yield* spawnAndWait(process, { argv: process.argv.slice(1) });
};
const PROGRAMS: ProgramTable = new Map<string, Program>([
  ["true", () => 0],
  ["nap", nap],
  ["forever", forever],
  ["inner", inner],
]);

function machine(): Host {
  return new Host(new World(1), "m", { programs: PROGRAMS });
}

function errnoOf(action: () => unknown): string {
  try {
    action();
    return "none";
  } catch (error) {
    if (error instanceof KernelError) return error.errno;
    throw error;
  }
}

describe("processes", () => {
  test("run until they end, in virtual time", () => {
    const host = machine();
    expect(host.run(["nap", "2"])).toEqual({ status: 0, stdout: "bye\n", stderr: "" });
    expect(host.world.scheduler.now).toBe(seconds(2));
    expect(host.run(["inner", "nap", "1"]).stdout).toBe("bye\n");
    expect(host.run(["nosuch"]).status).toBe(127);
  });

  test("that only another command could end are stopped", () => {
    const result = machine().run(["inner", "forever"]);
    expect(result.status).toBe(130);
    expect(result.stderr).toContain("only another command could end it");
  });

  test("end by signals: finally blocks run, children of the dead go to pid 1", () => {
    const host = machine();
    const parent = host.spawn({ argv: ["inner", "nap", "9"] });
    const [child] = [...host.processes.values()].filter((each) => each.parent === parent);
    parent.kill("SIGKILL");
    expect([parent.exitCode, child?.exitCode]).toEqual([137, 143]);
    const orphan = host.spawn({ argv: ["nap", "9"] });
    expect(orphan.parent).toBe(host.init);
    host.init.kill("SIGKILL");
    expect(host.init.exitCode).toBeNull();
  });

  test("of a PID namespace count from 1 and die with the first", () => {
    const host = machine();
    const first = host.spawn({ argv: ["forever"], newPidNamespace: true });
    const second = host.spawn({ argv: ["forever"], pidNamespaceOf: first });
    expect([first.innerPid, second.innerPid]).toEqual([1, 2]);
    expect(host.files.exists(`/proc/${second.pid}`)).toBe(true);
    expect(first.files.exists(`/proc/${second.pid}`)).toBe(false);
    first.kill("SIGKILL");
    expect(second.exitCode).toBe(137);
  });
});

describe("network namespaces", () => {
  test("live while a process or a mount holds them", () => {
    const host = machine();
    const netns = host.createNetns("c");
    const holder = host.spawn({ argv: ["forever"], netns });
    host.files.mkdir("/run/netns");
    host.files.write("/run/netns/c", "");
    host.files.mountNetns("/run/netns/c", netns);
    expect(host.files.readlink(`/proc/${holder.pid}/ns/net`)).toBe(`net:[${netns.id}]`);
    expect(host.files.netnsAt(`/proc/${holder.pid}/ns/net`)).toBe(netns);
    holder.kill("SIGKILL");
    expect(host.files.netnsAt("/var/run/netns/c")).toBe(netns);
    expect(errnoOf(() => host.files.unlink("/run/netns/c"))).toBe("EBUSY");
    host.files.unmountNetns("/run/netns/c");
    expect(host.netnsById(netns.id)).toBeNull();
    expect(host.files.netnsAt("/run/netns/c")).toBeNull();
  });
});

describe("files", () => {
  const cases: readonly (readonly [string, (host: Host) => unknown, string])[] = [
    ["a missing file", (host) => host.files.readText("/nofile"), "ENOENT"],
    ["a file as a folder", (host) => host.files.readText("/etc/hostname/x"), "ENOTDIR"],
    ["a folder as a file", (host) => host.files.readText("/etc"), "EISDIR"],
    ["a folder that is there", (host) => host.files.mkdir("/etc"), "EEXIST"],
    ["a full folder", (host) => host.files.rmdir("/etc"), "ENOTEMPTY"],
    ["a new file under /sys", (host) => host.files.write("/sys/class/net/x", "1"), "EPERM"],
    ["a read-only attribute", (host) => host.files.write("/sys/class/net/lo/ifindex", "1"), "EACCES"],
    ["an unreadable attribute", (host) => host.files.readText("/sys/class/net/lo/carrier"), "EINVAL"],
    ["links in a ring", ring, "ELOOP"],
  ];
  function ring(host: Host): unknown {
    host.files.symlink("/tmp/b", "/tmp/a");
    host.files.symlink("/tmp/a", "/tmp/b");
    return host.files.readText("/tmp/a");
  }

  test.each(cases)("%s", (_, action, errno) => {
    expect(errnoOf(() => action(machine()))).toBe(errno);
  });

  test("are the viewer's own under /proc and /sys", () => {
    const host = machine();
    let seen = "";
    const look: Program = (process: Process) => {
      seen = process.files.readText("/proc/self/comm") + process.files.readlink("/proc/self");
      return 0;
    };
    const process = host.spawn({ argv: ["/usr/bin/look"], program: look });
    expect(seen).toBe(`look\n${process.pid}`);
  });
});
