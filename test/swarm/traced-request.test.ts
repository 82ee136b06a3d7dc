import { beforeAll, describe, expect, it } from "vitest";
import type { HookEvent, HookStep } from "../../kernel-lib/src/trace/events.js";
import type { Journey } from "../../kernel-lib/src/trace/journey.js";
import { printed, RecordedSwarm } from "./recorded-swarm.js";

const CREATE = "docker service create -d --name helloworld --replicas=2 -p 80:8000 momijiame/greeting:1.0";

/** Rules that decided or led somewhere, and what IPVS did. */
const met = (event: HookEvent) =>
  event.steps.filter((step) => step.matched && (step.rule !== 0 || step.table === "ipvs"));

const hooksOf = (journey: Journey) => journey.events.filter((event) => event.kind === "hook");

/** Ports that chance chose. */
const plain = (text: string) =>
  text
    .replace(/(192\.168\.56\.1|10\.255\.0\.[23]):\d{5}/g, "$1:PORT")
    .replace(/:\d{5}(?= → .*:4789)/, ":PORT");

/** Each hook of a packet's way with what it changed, below it the rules that it met there and the command that each came from; who that one served stands behind `for`. */
function way(journey: Journey): readonly string[] {
  return hooksOf(journey).flatMap((event) => {
    const place = event.netns === event.machine ? event.machine : `${event.machine}/${event.netns}`;
    const changes = event.changes.map(({ what, after }) => `, ${what} ${plain(after)}`).join("");
    const head = `${place.replace(/(helloworld\.\d)\.\w+/, "$1")} ${event.hook}: ${plain(event.ends)}${changes}`;
    return [head, ...met(event).map((step) => `  ${step.table} ${step.chain}: ${originOf(step)}`)];
  });
}

function originOf({ origin }: HookStep): string {
  const cause = origin?.cause === CREATE ? "the service" : (origin?.cause ?? "nobody");
  return `${origin?.command ?? "no command"} for ${cause}`;
}

describe("one request to a node without a replica, traced", () => {
  let syn: Journey;
  let answer: Journey;
  let all: readonly Journey[];

  beforeAll(async () => {
    const swarm = await RecordedSwarm.withService();
    const trace = await swarm.lab.trace(() => swarm.run("client", "curl -s -m 5 192.168.56.101"));
    expect(trace.value).toMatch(/^Hello, [0-9a-f]{12}\n$/);
    syn = trace.first("TCP SYN 192.168.56.1");
    answer = trace.first("TCP SYN,ACK");
    all = trace.journeys.filter(({ summary }) => /:80(00)?\b/.test(summary));
  }, 60_000);

  it("names every hook from the client to the container, with the command behind each rule", () => {
    expect(way(syn)).toMatchInlineSnapshot(`
      [
        "docker02 PREROUTING: 192.168.56.1:PORT → 192.168.56.101:80, destination 172.18.0.2:80",
        "  nat PREROUTING: iptables --wait -t nat -I PREROUTING -m addrtype --dst-type LOCAL -j DOCKER-INGRESS for the service",
        "  nat DOCKER-INGRESS: iptables --wait -t nat -I DOCKER-INGRESS -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80 for the service",
        "docker02 FORWARD: 192.168.56.1:PORT → 172.18.0.2:80",
        "  filter FORWARD: iptables --wait -t filter -I FORWARD -j DOCKER-USER for the service",
        "  filter DOCKER-USER: iptables --wait -t filter -A DOCKER-USER -j RETURN for dockerd",
        "  filter FORWARD: iptables --wait -t filter -I FORWARD -j DOCKER-INGRESS for the service",
        "  filter DOCKER-INGRESS: iptables --wait -t filter -I DOCKER-INGRESS -p tcp --dport 80 -j ACCEPT for the service",
        "docker02 POSTROUTING: 192.168.56.1:PORT → 172.18.0.2:80",
        "docker02/ingress_sbox PREROUTING: 192.168.56.1:PORT → 172.18.0.2:80, mark 0x100",
        "  mangle PREROUTING: iptables --wait -t mangle -A PREROUTING -p tcp --dport 80 -j MARK --set-mark 256 for the service",
        "docker02/ingress_sbox INPUT: 192.168.56.1:PORT → 172.18.0.2:80, destination 10.255.0.6:80, TTL 62",
        "  ipvs INPUT: ipvsadm -a -f 256 -r 10.255.0.6:0 -m -w 1 for the service",
        "docker02/ingress_sbox OUTPUT: 192.168.56.1:PORT → 10.255.0.6:80",
        "docker02/ingress_sbox POSTROUTING: 192.168.56.1:PORT → 10.255.0.6:80, source 10.255.0.3:PORT",
        "  nat POSTROUTING: iptables --wait -t nat -A POSTROUTING -m ipvs --ipvs -d 10.255.0.0/16 -j SNAT --to-source 10.255.0.3 for the service",
        "docker02 OUTPUT: 192.168.56.101:PORT → 192.168.56.102:4789",
        "docker02 POSTROUTING: 192.168.56.101:PORT → 192.168.56.102:4789",
        "docker03 PREROUTING: 192.168.56.101:PORT → 192.168.56.102:4789",
        "  nat PREROUTING: iptables --wait -t nat -I PREROUTING -m addrtype --dst-type LOCAL -j DOCKER-INGRESS for the service",
        "  nat DOCKER-INGRESS: iptables --wait -t nat -A DOCKER-INGRESS -j RETURN for the service",
        "  nat PREROUTING: iptables --wait -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER for dockerd",
        "docker03 INPUT: 192.168.56.101:PORT → 192.168.56.102:4789",
        "docker03/helloworld.1 PREROUTING: 10.255.0.3:PORT → 10.255.0.6:80, destination 10.255.0.6:8000",
        "  nat PREROUTING: iptables --wait -t nat -A PREROUTING -d 10.255.0.6 -p tcp --dport 80 -j REDIRECT --to-port 8000 for the service",
        "docker03/helloworld.1 INPUT: 10.255.0.3:PORT → 10.255.0.6:8000",
        "  filter INPUT: iptables --wait -I INPUT -d 10.255.0.6 -p tcp --dport 8000 -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT for the service",
      ]
    `);
  });

  it("and back", () => {
    expect(way(answer)).toMatchInlineSnapshot(`
      [
        "docker03/helloworld.1 OUTPUT: 10.255.0.6:8000 → 10.255.0.3:PORT",
        "  filter OUTPUT: iptables --wait -I OUTPUT -s 10.255.0.6 -p tcp --sport 8000 -m conntrack --ctstate ESTABLISHED -j ACCEPT for the service",
        "docker03/helloworld.1 POSTROUTING: 10.255.0.6:8000 → 10.255.0.3:PORT, source 10.255.0.6:80",
        "docker03 OUTPUT: 192.168.56.102:PORT → 192.168.56.101:4789",
        "docker03 POSTROUTING: 192.168.56.102:PORT → 192.168.56.101:4789",
        "docker02 PREROUTING: 192.168.56.102:PORT → 192.168.56.101:4789",
        "  nat PREROUTING: iptables --wait -t nat -I PREROUTING -m addrtype --dst-type LOCAL -j DOCKER-INGRESS for the service",
        "  nat DOCKER-INGRESS: iptables --wait -t nat -A DOCKER-INGRESS -j RETURN for the service",
        "  nat PREROUTING: iptables --wait -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER for dockerd",
        "docker02 INPUT: 192.168.56.102:PORT → 192.168.56.101:4789",
        "docker02/ingress_sbox PREROUTING: 10.255.0.6:80 → 10.255.0.3:PORT, destination 192.168.56.1:PORT",
        "docker02/ingress_sbox FORWARD: 10.255.0.6:80 → 192.168.56.1:PORT, source 172.18.0.2:80",
        "  ipvs FORWARD: ipvsadm -a -f 256 -r 10.255.0.6:0 -m -w 1 for the service",
        "docker02/ingress_sbox POSTROUTING: 172.18.0.2:80 → 192.168.56.1:PORT",
        "docker02 PREROUTING: 172.18.0.2:80 → 192.168.56.1:PORT",
        "docker02 FORWARD: 172.18.0.2:80 → 192.168.56.1:PORT",
        "  filter FORWARD: iptables --wait -t filter -I FORWARD -j DOCKER-USER for the service",
        "  filter DOCKER-USER: iptables --wait -t filter -A DOCKER-USER -j RETURN for dockerd",
        "  filter FORWARD: iptables --wait -t filter -I FORWARD -j DOCKER-INGRESS for the service",
        "  filter DOCKER-INGRESS: iptables --wait -t filter -I DOCKER-INGRESS -m state -p tcp --sport 80 --state ESTABLISHED,RELATED -j ACCEPT for the service",
        "docker02 POSTROUTING: 172.18.0.2:80 → 192.168.56.1:PORT, source 192.168.56.101:80",
      ]
    `);
  });

  // `-j TRACE` on the real machines: the rules in their order, for the packets of each kind.
  it.each([
    ["docker02", "docker02", "trace-docker02-host"],
    ["docker02", "ingress_sbox", "trace-docker02-ingress_sbox"],
    ["docker03", "helloworld", "trace-docker03-container-and-host"],
  ])("meets on %s in %s the rules that the kernel's own trace names", (machine, netns, file) => {
    const ours = all.flatMap((journey) => {
      const hooks = hooksOf(journey).filter(
        (event) =>
          event.machine === machine && event.netns.startsWith(netns) && /:80(00)?\b/.test(event.ends),
      );
      const rules = hooks.flatMap((event) =>
        met(event).flatMap(({ table, chain, rule }) =>
          table === "ipvs" ? [] : [`${table}:${chain}:${rule}`],
        ),
      );
      return hooks.length === 0 ? [] : [rules.join(" ")];
    });
    expect(new Set(ours)).toEqual(
      new Set(tracedPackets(printed(`03-one-request-to-node-without-replica/${file}.txt`))),
    );
  });
});

/** Rules that each packet of a kernel log of TRACE met, one line a packet. A packet begins anew at raw PREROUTING or at raw OUTPUT of what is sent here. */
function tracedPackets(log: string): readonly string[] {
  const packets: string[][] = [];
  let before = "";
  for (const line of log.split("\n")) {
    const [, table, chain, kind, rule] = /TRACE: (\w+):([\w-]+):(\w+):(\d+) /.exec(line) ?? [];
    if (table === undefined || !/PROTO=TCP/.test(line)) continue;
    const id = /PROTO=TCP .*?SEQ=\d+ ACK=\d+ WINDOW=\d+ RES=0x00 [A-Z ]*/
      .exec(line)![0]
      .replace(/[SD]PT=\d+ /g, "");
    if (id !== before) packets.push([]);
    before = id;
    if (table !== "raw" && kind !== "policy") packets.at(-1)!.push(`${table}:${chain}:${rule}`);
  }
  return packets.map((rules) => rules.join(" "));
}
