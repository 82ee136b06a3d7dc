import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";
import { normalise } from "../support/normalise.js";

const FOLDER = new URL("../oracle/vxlan/", import.meta.url);
const HOSTS = ["host-a", "host-b"] as const;

/** The recorded steps 01 to 13: a tunnel by hand, a network over it, a container in it; each on both hosts. */
const STEPS = readdirSync(FOLDER)
  .filter((name) => /^(0\d|1[0-3])-/.test(name))
  .sort();

/** A step's command, and what it printed. The recorded NIC is a veth, whose offload limits are others than a card's. */
function recorded(step: string, host: string): { command: string; text: string } {
  const whole = readFileSync(new URL(`${step}/${host}.txt`, FOLDER), "utf8");
  const end = whole.indexOf("\n");
  return {
    command: whole.slice(2, end),
    text: whole.slice(end + 1).replace("tso_max_size 524280", "tso_max_size 65536"),
  };
}

describe("VXLAN by hand between two Docker hosts", () => {
  let lab: Lab;

  beforeAll(() => {
    lab = Lab.preset("vxlan", { docker: "20.10", seed: 7 }) as unknown as Lab;
  });

  it.each(STEPS)("%s prints what was recorded", async (step) => {
    for (const host of HOSTS) {
      const { command, text } = recorded(step, host);
      const { stdout, stderr } = await lab.machine(host).script(command);
      expect(normalise(stdout + stderr), `${host}: ${command}`).toBe(normalise(text));
    }
  });

  it.each([
    ["host-a", "test-a", "172.18.0.22"],
    ["host-b", "test-b", "172.18.0.11"],
  ])("a container on %s reaches the one on the other host, TTL unchanged", (host, container, address) => {
    const { text } = lab.machine(host).container(container).ping(address, { count: 3 });
    expect(text).toContain("3 packets transmitted, 3 packets received, 0% packet loss");
    expect(text.match(/ttl=64/g)).toHaveLength(3);
  });

  it("what the tunnel learned is in two tables: the bridge's and the device's own", async () => {
    const { text } = await lab.machine("host-a").sh`bridge fdb show | grep 02:42:ac:12:00:16`;
    expect(text).toBe(
      "02:42:ac:12:00:16 dev vxlan0 master vxlan-net \n02:42:ac:12:00:16 dev vxlan0 dst 192.168.56.102 self ",
    );
  });

  it("the trace follows a frame into the envelope and out of it", () => {
    const trace = lab.trace(() =>
      lab.machine("host-a").container("test-a").ping("172.18.0.22", { count: 1 }),
    );
    const kinds = trace
      .first("ICMP echo request")
      .hops.map(({ event, machine }) => `${machine} ${event.kind}`);
    expect(kinds.filter((kind) => kind.endsWith("capsulate"))).toEqual([
      "host-a encapsulate",
      "host-b decapsulate",
    ]);
  });

  it("a frame for another VNI is dropped, and the reason says so", () => {
    const b: Machine = lab.machine("host-b");
    b.exec("ip link set vxlan0 down");
    b.exec("ip link add vxlan11 type vxlan id 11 remote 192.168.56.101 dstport 4789 dev enX0");
    b.exec("ip link set vxlan11 up");
    const trace = lab.trace(() =>
      lab.machine("host-a").container("test-a").ping("172.18.0.22", { count: 1 }),
    );
    const drops = trace.journeys.flatMap(({ hops }) =>
      hops.flatMap(({ event }) => (event.kind === "drop" ? [event.reason] : [])),
    );
    expect(drops).toContain("VXLAN_VNI_NOT_FOUND");
    b.exec("ip link delete vxlan11");
    b.exec("ip link set vxlan0 up");
  });

  it("without a socket on the port, the kernel answers port unreachable", () => {
    lab.machine("host-b").exec("ip link set vxlan0 down");
    const trace = lab.trace(() =>
      lab.machine("host-a").container("test-a").ping("172.18.0.22", { count: 1 }),
    );
    expect(trace.journeys.some(({ summary }) => summary.startsWith("ICMP port unreachable"))).toBe(true);
  });
});
