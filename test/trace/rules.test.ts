import { beforeAll, describe, expect, it } from "vitest";
import { Lab, type Machine, plot } from "../../kernel-lib/src/index.js";
import type { HookEvent } from "../../kernel-lib/src/trace/events.js";
import type { Journey } from "../../kernel-lib/src/trace/journey.js";

const RUN = "docker run -d --name api -p 5000:5000 test-image";

/** A lab with an API published on port 5000, and a web server on 8080. */
async function published() {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01, client } = lab.machines;
  await docker01.script(RUN);
  docker01.docker.run("nginx", { name: "web", publish: ["8080:80"] });
  client.get("http://192.168.56.101:5000/");
  client.get("http://192.168.56.101:8080/");
  return { lab, docker01, client };
}

function syn(lab: Lab, client: Machine, port: number): Journey {
  const url = `http://192.168.56.101:${port}/`;
  return lab.trace(() => client.exec("curl", "-s", "-m", "1", url)).first("TCP SYN");
}

function hook(journey: Journey, name: string): HookEvent {
  const found = journey.events.find(
    (event): event is HookEvent => event.kind === "hook" && event.hook === name && event.netns === "docker01",
  );
  if (found === undefined) throw new Error(`no hook ${name}`);
  return found;
}

describe("every rule knows the command that it came from", () => {
  let host: Machine;
  beforeAll(async () => {
    host = (await published()).docker01;
  });

  const came = (table: "nat" | "filter", chain: string) =>
    host.rules({ table, chain }).list.map(({ rule, origin }) => [rule, origin?.cause ?? null]);

  it("the docker command, dockerd, or nobody", () => {
    expect(came("nat", "DOCKER")).toEqual([
      ["-i docker0 -j RETURN", "dockerd"],
      ["! -i docker0 -p tcp -m tcp --dport 5000 -j DNAT --to-destination 172.17.0.2:5000", RUN],
      [
        "! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80",
        "docker run -d --name web -p 8080:80 nginx",
      ],
    ]);
    expect(came("filter", "INPUT")).toEqual([["policy ACCEPT", null]]);
    expect(came("filter", "FORWARD")[0]).toEqual(["policy DROP", "dockerd"]);
  });

  it("and the iptables command itself, quoted for bash", async () => {
    const [dnat] = host.rules({ table: "nat", chain: "DOCKER" }).list.slice(1);
    expect(dnat!.origin!.command).toBe(
      "iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 5000 -j DNAT --to-destination 172.17.0.2:5000 '!' -i docker0",
    );
    await host.sh`iptables -I DOCKER-USER -m comment --comment "two words" -j RETURN`;
    expect(host.rules({ chain: "DOCKER-USER" }).list[0]!.origin).toEqual({
      command: "iptables -I DOCKER-USER -m comment --comment 'two words' -j RETURN",
      cause: null,
    });
  });

  it("keeps it when a chain is renamed and when rules are put in front", async () => {
    await host.sh`iptables -N MINE; iptables -A INPUT -j MINE; iptables -E MINE OURS; iptables -I INPUT -p icmp`;
    const [, , jump] = host.rules({ table: "filter", chain: "INPUT" }).list;
    expect([jump!.rule, jump!.origin!.command]).toEqual(["-j OURS", "iptables -A INPUT -j MINE"]);
  });

  it("a network's rules name docker network create", async () => {
    await host.sh`docker network create other`;
    const isolation = host
      .rules({ chain: "DOCKER-ISOLATION-STAGE-2" })
      .list.map(({ origin }) => origin!.cause);
    expect(isolation).toContain("docker network create other");
  });

  it("refuses a table that there is not", () => {
    expect(() => host.rules({ table: "nta" as "nat" })).toThrow(/no table "nta"/);
  });
});

describe("a trace of a published port", () => {
  it("says at each hook the rule that decided, the connection and what was changed", async () => {
    const { lab, client } = await published();
    const trace = lab.trace(() => client.get("http://192.168.56.101:5000/"));
    const way = (journey: Journey) =>
      journey.hops
        .filter(({ event }) => event.kind === "hook")
        .map(({ stage, text, because }) => `${stage}: ${text}${because === "" ? "" : ` <- ${because}`}`);
    const port = / \S+:(\d+) → /.exec(trace.first("TCP SYN").summary)![1]!;
    expect(way(trace.first("TCP SYN"))).toEqual([
      `PREROUTING: accept (NEW): nat DOCKER 2: ! -i docker0 -p tcp -m tcp --dport 5000 -j DNAT --to-destination 172.17.0.2:5000\ndestination 192.168.56.101:5000 → 172.17.0.2:5000 <- ${RUN}`,
      `FORWARD: accept (NEW): filter DOCKER 1: -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 5000 -j ACCEPT <- ${RUN}`,
      "POSTROUTING: accept (NEW): no rule decides, policy ACCEPT",
    ]);
    expect(way(trace.first("TCP SYN,ACK"))).toEqual([
      "PREROUTING: accept (ESTABLISHED, reply): no rule is asked",
      "FORWARD: accept (ESTABLISHED, reply): filter FORWARD 5: -i docker0 ! -o docker0 -j ACCEPT <- dockerd",
      "POSTROUTING: accept (ESTABLISHED, reply): no rule is asked\nsource 172.17.0.2:5000 → 192.168.56.101:5000 (the connection remembers it)",
    ]);
    expect(hook(trace.first("TCP SYN"), "PREROUTING")).toMatchObject({
      input: "enX0",
      output: "",
      ends: `203.0.113.9:${port} → 192.168.56.101:5000`,
      connection: {
        state: "NEW",
        direction: "original",
        tcpState: "SYN_SENT",
        status: ["DNAT"],
        original: `tcp 203.0.113.9:${port} → 192.168.56.101:5000`,
        reply: `tcp 172.17.0.2:5000 → 203.0.113.9:${port}`,
      },
    });
  });

  it("is the same with and without a trace: tracing changes no counter and no answer", async () => {
    const [plain, traced] = await Promise.all([published(), published()]);
    plain.client.get("http://192.168.56.101:5000/");
    traced.lab.trace(() => traced.client.get("http://192.168.56.101:5000/"));
    expect(traced.docker01.rules().rows).toEqual(plain.docker01.rules().rows);
  });

  it("lists every rule with the terms that did not hold", async () => {
    const { lab, client } = await published();
    const rows = syn(lab, client, 5000).rules({ hook: "FORWARD" }).rows;
    expect(rows.map(([, , , , chain, rule, , result]) => `${chain} ${rule} ${result}`)).toEqual([
      "FORWARD 1 matches",
      "DOCKER-USER 1 matches",
      "FORWARD 2 matches",
      "DOCKER-ISOLATION-STAGE-1 1 misses: -i docker0, ! -o docker0",
      "DOCKER-ISOLATION-STAGE-1 2 matches",
      "FORWARD 3 misses: -m conntrack --ctstate RELATED,ESTABLISHED",
      "FORWARD 4 matches",
      "DOCKER 1 matches",
    ]);
  });

  it("explains a rule on a published port that never matches", async () => {
    const { lab, docker01, client } = await published();
    await docker01.sh`iptables -I DOCKER-USER -i enX0 -p tcp --dport 8080 -j DROP`;
    const [row] = syn(lab, client, 8080).rules({ table: "filter", show: "near misses" }).rows;
    expect(row!.slice(4, 8)).toEqual([
      "DOCKER-USER",
      "1",
      "-i enX0 -p tcp -m tcp --dport 8080 -j DROP",
      "misses: -m tcp --dport 8080 (the port was 8080 before DNAT and is 80 here: -m conntrack --ctorigdstport 8080)",
    ]);
  });

  it("ends with the rule that dropped the packet, its command, and what was narrowly missed", async () => {
    const { lab, docker01, client } = await published();
    await docker01.sh`iptables -I DOCKER-USER -j DROP; iptables -I DOCKER-USER -i eth0 -p tcp --dport 5000 -j ACCEPT`;
    const table = syn(lab, client, 5000).table();
    expect(table.notes[0]).toBe(
      "Dropped by filter DOCKER-USER 2: -j DROP, made by iptables -I DOCKER-USER -j DROP.",
    );
    expect(table.notes[1]).toMatch(
      /^Near miss: filter DOCKER-USER 1: -i eth0 .*: only -i eth0 does not hold\. The packet here: .* → 172\.17\.0\.2:5000, in by enX0, out by docker0, connection NEW\.$/,
    );
    expect(String(table).split("\n").at(-1)).toBe(table.notes[1]);
  });

  it("names dockerd for the policy that it set", async () => {
    const { lab, docker01, client } = await published();
    await docker01.sh`iptables -F FORWARD`;
    expect(syn(lab, client, 5000).table().notes).toEqual([
      "Dropped by filter FORWARD policy DROP, set by dockerd (iptables --wait -t filter -P FORWARD DROP).",
    ]);
  });

  it("does not ask a match that counts more often than the kernel does", async () => {
    const { lab, docker01, client } = await published();
    await docker01.sh`iptables -I FORWARD -s 10.0.0.0/8 -m statistic --mode nth --every 2 -j DROP
iptables -I FORWARD -m statistic --mode nth --every 2 --packet 1 -m comment --comment every`;
    lab.trace(() => client.get("http://192.168.56.101:5000/"));
    const [, counting] = docker01.rules({ table: "filter", chain: "FORWARD" }).list;
    expect(counting!.packets).toBe(6);
  });
});

describe("rule hits", () => {
  it("of a trace and between two listings are the same", async () => {
    const { lab, docker01, client } = await published();
    const before = docker01.rules();
    const trace = lab.trace(() => client.get("http://192.168.56.101:5000/"));
    const hits = (text: string) =>
      text
        .replace(/^.*: (?=nat)/, "")
        .replace(/\.$/, "")
        .split("; ")
        .sort();
    const counted = plot.ruleHits(before, docker01.rules());
    expect(hits(plot.ruleHits(trace).description)).toEqual(hits(counted.description));
    expect(counted.description).toContain("nat DOCKER 2: 1; filter FORWARD 1: 12;");
    expect(counted.spec.data.map(({ name }) => name)).toEqual(["nat", "filter"]);
  });

  it("says so when nothing matched", async () => {
    const { docker01 } = await published();
    const now = docker01.rules();
    expect(plot.ruleHits(now, now).description).toBe("No rule matched any packet.");
  });
});

describe("a sequence of translated packets", () => {
  it("has the addresses of both sides", async () => {
    const { lab, client } = await published();
    const trace = lab.trace(() => client.get("http://192.168.56.101:5000/"));
    const svg = await plot.sequence([trace.first("TCP SYN")]).svg();
    const words = [...svg.matchAll(/<tspan([^>]*)>([^<]+)<\/tspan>/g)].map(([, style, text]) =>
      style!.includes("700") ? `*${text}*` : text!.replace(/:\d{5}$/, ":P"),
    );
    expect(words).toEqual(["203.0.113.9:P", "192.168.56.101:5000", "203.0.113.9:P", "*172.17.0.2:5000*"]);
    expect(svg.match(/marker-end/g)).toHaveLength(2);
  });
});

describe("hops of two journeys", () => {
  it("stand below one another on one scale, each colour once in the legend", async () => {
    const { lab, client } = await published();
    const trace = lab.trace(() => client.get("http://192.168.56.101:5000/"));
    const figure = plot.hops({ in: trace.first("TCP SYN"), out: trace.first("TCP SYN,ACK") });
    const { xaxis, xaxis2, yaxis, yaxis2 } = figure.spec.layout as Record<
      string,
      { range: number[]; domain: number[] }
    >;
    expect(xaxis!.range).toEqual(xaxis2!.range);
    expect(yaxis!.domain[0]).toBeGreaterThan(yaxis2!.domain[1]!);
    const legend = figure.spec.data.filter(({ showlegend }) => showlegend === true).map(({ name }) => name);
    expect(legend.sort()).toEqual(["api", "client", "docker01", "router"]);
    expect(figure.description).toMatch(/^in: TCP SYN .*\(modelled\).* out: TCP SYN,ACK .*\(modelled\)/);
  });
});
