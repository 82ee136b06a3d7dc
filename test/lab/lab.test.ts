import { Lab, seconds } from "hopbook";
import { beforeAll, describe, expect, it } from "vitest";

function twoContainers(seed = 7) {
  const lab = Lab.preset("single", { docker: "20.10", seed });
  const { docker01 } = lab.machines;
  docker01.docker.run("test-image", { name: "curl-container" });
  docker01.docker.run("test-image", { name: "api-container" });
  return { lab, docker01, curl: docker01.container("curl-container") };
}

describe("a lab", () => {
  it("says what is wrong with its options", () => {
    expect(() => Lab.preset("double" as "single")).toThrow(
      'no preset "double"; there are: single, vxlan, swarm',
    );
    expect(() => Lab.preset("single", { seed: 1.5 })).toThrow("a seed is a whole number");
    expect(() => twoContainers().lab.machine("docker02")).toThrow(
      'the lab has no machine "docker02"; it has: docker01, router, client',
    );
  });

  it("refuses what only a shell understands where there is none", () => {
    const { docker01 } = twoContainers();
    expect(() => docker01.exec("ip link | grep veth")).toThrow('"|" needs a shell');
  });

  it("gives the same output for the same seed, and another for another", () => {
    const listing = (seed: number) => {
      const { docker01, curl } = twoContainers(seed);
      return [
        docker01.exec("ip address"),
        docker01.exec("docker ps --no-trunc"),
        curl.get("172.17.0.3:5000"),
        curl.ping("172.17.0.3"),
      ].map(String);
    };
    expect(listing(7)).toEqual(listing(7));
    expect(listing(7)).not.toEqual(listing(8));
  });

  it("keeps two labs apart: interleaved they do what each does alone", () => {
    const steps = [
      (l: ReturnType<typeof twoContainers>) => l.curl.get("172.17.0.3:5000"),
      (l: ReturnType<typeof twoContainers>) => l.curl.ping("172.17.0.3", { count: 2 }),
      (l: ReturnType<typeof twoContainers>) => l.docker01.exec("ip -s link"),
      (l: ReturnType<typeof twoContainers>) => l.docker01.exec("bridge fdb show"),
    ];
    const alone = [7, 8].map((seed) => {
      const lab = twoContainers(seed);
      return steps.map((step) => String(step(lab)));
    });
    const pair = [twoContainers(7), twoContainers(8)];
    const together: string[][] = [[], []];
    for (const step of steps) pair.forEach((lab, i) => void together[i]!.push(String(step(lab))));
    expect(together).toEqual(alone);
  });

  it("is traced without being changed", () => {
    const plain = twoContainers();
    const traced = twoContainers();
    const trace = traced.lab.trace(() => String(traced.curl.ping("172.17.0.3")));
    expect(trace.value).toBe(String(plain.curl.ping("172.17.0.3")));
    expect(String(traced.docker01.exec("ip -s link"))).toBe(String(plain.docker01.exec("ip -s link")));
  });

  it("ends a trace when the traced code throws", () => {
    const { lab } = twoContainers();
    const boom = () => {
      throw new Error("boom");
    };
    expect(() => lab.trace(boom)).toThrow("boom");
    expect(lab.trace(() => 1).value).toBe(1);
  });
});

describe("a journal", () => {
  it("rebuilds the lab: same listings, same time", async () => {
    const { lab, docker01, curl } = twoContainers();
    await docker01.sh`X=1; docker exec curl-container ping -c 2 172.17.0.3 > /tmp/ping; tcpdump -i docker0 -n icmp &`;
    const capture = docker01.capture("docker0", "icmp");
    curl.ping("172.17.0.3", { count: 1 });
    capture.stop();
    lab.wait(seconds(30));
    await docker01.sh`kill %1; echo $X`;
    const again = await Lab.replay(lab.journal.toString());
    expect(again.now).toBe(lab.now);
    expect(again.journal.toJSON()).toEqual(lab.journal.toJSON());
    const listing = (machine: typeof docker01) =>
      ["ip address", "ip -s link", "bridge fdb show", "docker ps -a", "docker network inspect bridge"].map(
        (command) => machine.exec(command).stdout,
      );
    expect(listing(again.machine("docker01"))).toEqual(listing(docker01));
    expect(again.machine("docker01").read("/tmp/ping")).toBe(docker01.read("/tmp/ping"));
    expect([...again.jobList[0]!.pcap]).toEqual([...capture.pcap]);
  });

  it.each([
    ["", "not a journal"],
    ["{}", "not a hopbook journal"],
    ['{"format":"hopbook-journal","version":2,"entries":[]}', "a journal of version 2"],
    [
      '{"format":"hopbook-journal","version":1,"preset":"single","docker":"28","seed":1,"entries":[{"kind":"exec","at":1}]}',
      'journal entry 1 (exec): "machine" is missing or wrong',
    ],
    [
      '{"format":"hopbook-journal","version":1,"preset":"single","docker":"28","seed":1,"entries":[{"kind":"fly"}]}',
      'journal entry 1: unknown kind "fly"',
    ],
  ])("%j is refused in words", async (text, message) => {
    await expect(Lab.replay(text)).rejects.toThrow(message);
  });
});

describe("the first packet", () => {
  let lab: Lab;
  let curl: ReturnType<typeof twoContainers>["curl"];
  let docker01: ReturnType<typeof twoContainers>["docker01"];

  beforeAll(() => {
    const made = twoContainers();
    made.docker01.docker.run("test-image", { name: "third" });
    ({ curl, docker01 } = made);
    lab = made.lab as unknown as Lab;
  });

  it("needs ARP: the request is flooded to every port, the reply is unicast", () => {
    const fdb = () =>
      docker01
        .exec("bridge fdb show")
        .lines.filter((line) => line.startsWith("02:42:ac:11:00"))
        .map((line) => line.slice(0, 17));
    expect(fdb()).toEqual([]);
    expect(curl.exec("arp -n").stdout).toBe("");
    const trace = lab.trace(() => curl.get("172.17.0.3:5000"));
    const [request, reply] = trace.find("ARP");
    const bridged = (journey: typeof request) =>
      journey!.events.flatMap((event) =>
        event.kind === "bridge" ? [[event.fdb, event.out.length, event.learned]] : [],
      );
    expect(bridged(request)).toEqual([["group", 3, "new"]]);
    expect(bridged(reply)).toEqual([["hit", 1, "new"]]);
    expect(fdb().sort()).toEqual(["02:42:ac:11:00:02", "02:42:ac:11:00:03"]);
    expect(curl.exec("arp -n").stdout).toBe("? (172.17.0.3) at 02:42:ac:11:00:03 [ether]  on eth0\n");
    const syn = trace.first("TCP SYN");
    expect(request!.cause).toBe(syn.id);
    expect(syn.events.some((event) => event.kind === "resolved" && event.waited > 0)).toBe(true);
  });

  it("is not needed again: the next request starts with the SYN", () => {
    const trace = lab.trace(() => curl.get("172.17.0.3:5000"));
    expect(trace.find("ARP")).toEqual([]);
  });

  it("ages out of the bridge after 300 s", () => {
    lab.wait(seconds(299));
    expect(docker01.exec("bridge fdb show").stdout).toContain("02:42:ac:11:00:03");
    lab.wait(seconds(2));
    expect(docker01.exec("bridge fdb show").stdout).not.toContain("02:42:ac:11:00:03");
  });
});
