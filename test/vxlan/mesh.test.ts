import { Lab } from "hopbook";
import { beforeAll, describe, expect, it } from "vitest";

const VXLAN = "ip link add vxlan0 type vxlan id 10 dstport 4789 dev enX0";
const FLOOD = "bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst";

/** On the host a network with one container, and the tunnel as a port of its bridge. */
function join(lab: Lab, host: string, address: string, tunnel: string): void {
  for (const command of [
    "docker network create --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=br-mesh mesh",
    tunnel,
    "ip link set vxlan0 master br-mesh up",
    `docker run -d --name box --network mesh --ip ${address} alpine sleep 1000000`,
  ])
    must(lab, host, command);
}

function must(lab: Lab, host: string, command: string): void {
  const result = lab.machine(host).exec(command);
  if (!result.ok) throw new Error(`${host}: ${command}: ${result}`);
}

function reaches(lab: Lab, host: string, address: string): boolean {
  return lab.machine(host).container("box").ping(address, { count: 1 }).ok;
}

describe("a third host", () => {
  let lab: Lab;
  const peer = { "host-a": "192.168.56.102", "host-b": "192.168.56.101", "host-c": "192.168.56.101" };

  beforeAll(() => {
    lab = Lab.preset("vxlan", { hosts: 3, docker: "20.10" }) as unknown as Lab;
    for (const [i, [host, remote]] of Object.entries(peer).entries())
      join(lab, host, `172.18.0.${11 * (i + 1)}`, `${VXLAN} remote ${remote}`);
  });

  it("is not reached with `remote` only: what host-a does not know goes to host-b alone", () => {
    expect(reaches(lab, "host-a", "172.18.0.22")).toBe(true);
    const trace = lab.trace(() => reaches(lab, "host-a", "172.18.0.33"));
    expect(trace.value).toBe(false);
    const remotes = trace.events.flatMap((event) =>
      event.kind === "encapsulate" && event.machine === "host-a" ? [event.remote] : [],
    );
    expect(new Set(remotes)).toEqual(new Set([0xc0a83866]));
  });

  it("is reached one way already when it speaks first: host-a learns its address from the frame", () => {
    expect(reaches(lab, "host-c", "172.18.0.11")).toBe(true);
    expect(reaches(lab, "host-b", "172.18.0.33")).toBe(false);
  });

  it("is reached by all once each host's FDB names all others", () => {
    must(lab, "host-a", `${FLOOD} 192.168.56.103`);
    must(lab, "host-b", `${FLOOD} 192.168.56.103`);
    must(lab, "host-c", `${FLOOD} 192.168.56.102`);
    for (const from of Object.keys(peer))
      for (const to of ["172.18.0.11", "172.18.0.22", "172.18.0.33"])
        expect(reaches(lab, from, to), `${from} to ${to}`).toBe(true);
    const flood = lab
      .machine("host-a")
      .exec("bridge fdb show dev vxlan0")
      .lines.filter((line) => line.startsWith("00:00:00:00:00:00"));
    expect(flood).toEqual([
      "00:00:00:00:00:00 dst 192.168.56.102 via enX0 self permanent",
      "00:00:00:00:00:00 dst 192.168.56.103 self permanent",
    ]);
  });
});

describe.each(["switched", "routed"] as const)("a mesh of five hosts, underlay %s", (underlay) => {
  let lab: Lab;
  const names = ["host-a", "host-b", "host-c", "host-d", "host-e"] as const;
  const inner = (i: number) => `172.18.0.${11 * (i + 1)}`;
  const outer = (i: number) => (underlay === "routed" ? `192.168.${56 + i}.101` : `192.168.56.${101 + i}`);

  beforeAll(() => {
    lab = Lab.preset("vxlan", { hosts: 5, underlay, docker: "20.10" }) as unknown as Lab;
    for (const [i, name] of names.entries()) {
      join(lab, name, inner(i), VXLAN);
      for (const j of names.keys()) if (j !== i) must(lab, name, `${FLOOD} ${outer(j)}`);
    }
  });

  it("a broadcast goes into the tunnel once, out to each other host, and to each container once", () => {
    const sent = (name: string) =>
      Number(/TX:.*\n\s*\d+\s+(\d+)/.exec(lab.machine(name).exec("ip -s link show enX0").stdout)![1]);
    const before = names.map(sent);
    const trace = lab.trace(() => lab.machine("host-a").container("box").exec("ping -c 1 -W 1 172.18.0.200"));
    const request = trace.first("ARP");
    const copies = request.events.filter((event) => event.kind === "encapsulate");
    expect(copies.map((event) => event.kind === "encapsulate" && event.remote)).toHaveLength(4);
    const heard = request.events.flatMap((event) =>
      event.kind === "receive" && event.device === "eth0" && event.machine.startsWith("host-")
        ? [event.machine]
        : [],
    );
    expect([...heard].sort()).toEqual(names.slice(1));
    const requests = trace
      .find("ARP")
      .filter(({ events }) => events.some(({ kind }) => kind === "encapsulate"));
    const after = names.map(sent);
    const underlayFrames = trace.journeys.flatMap(({ events }) =>
      events.filter(
        (event) => event.kind === "transmit" && event.machine === "host-a" && event.device === "enX0",
      ),
    ).length;
    expect(underlayFrames).toBeGreaterThanOrEqual(4 * requests.length);
    expect(after[0]! - before[0]!).toBe(underlayFrames);
  });

  it("what comes is learned: the answer and all that follows go to one host", () => {
    expect(reaches(lab, "host-a", inner(2))).toBe(true);
    expect(lab.machine("host-a").exec("bridge fdb show dev vxlan0").stdout).toContain(
      `02:42:ac:12:00:21 dst ${outer(2)} self`,
    );
    const trace = lab.trace(() => reaches(lab, "host-a", inner(2)));
    const request = trace.first("ICMP echo request");
    expect(request.events.filter(({ kind }) => kind === "encapsulate")).toHaveLength(1);
  });

  it("every container reaches every other", () => {
    for (const name of names)
      for (const i of names.keys()) expect(reaches(lab, name, inner(i)), `${name} to ${inner(i)}`).toBe(true);
  });
});
