import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { parseDns } from "../../kernel-lib/src/wire/dns.js";
import { readPcap } from "../../kernel-lib/src/wire/pcap.js";
import { RecordedLab } from "./recorded-lab.js";

const FOLDER = new URL("../oracle/single-host/07-user-network/", import.meta.url);
const oracle = (path: string) => readFileSync(new URL(path, FOLDER), "utf8").replace(/^# .*\n/, "");

/** Ports that are drawn, and times, as letters in the order in which they come. */
function steady(text: string): string {
  const names = new Map<string, string>();
  return text.replace(/ on .*/g, " on T").replace(/(?<=:|--sport )\d{4,5}\b/g, (port) => {
    if (port === "5000") return port;
    if (!names.has(port)) names.set(port, `PORT${names.size}`);
    return names.get(port)!;
  });
}

/** The recorded container with what the recording did: rules set to zero, then the queries. */
function recorded(): RecordedLab {
  const lab = new RecordedLab();
  for (const line of [
    "docker network create --subnet 172.18.0.0/16 --attachable=true -o com.docker.network.bridge.name=test-net test-net",
    "docker run -d --network test-net --ip 172.18.0.2 --name test-container test-image",
    "docker run -d --network test-net --name other test-image",
  ])
    lab.out(line);
  return lab;
}

/** DNS messages of a capture on lo, the recorded one or ours. */
function messages(bytes: Uint8Array): object[] {
  return readPcap(bytes).frames.flatMap(({ bytes: data }) => {
    const udp = data.subarray(14 + 20);
    if (data[12] !== 8 || data[14 + 9] !== 17) return [];
    const { id, ...message } = parseDns(udp.subarray(8));
    return [{ ...message, additional: message.additional.map(({ type, class: size }) => ({ type, size })) }];
  });
}

describe("the embedded DNS of the recorded container", () => {
  let lab: RecordedLab;
  let inside: string;
  beforeAll(() => {
    lab = recorded();
    inside = `nsenter -t ${lab.out("docker inspect -f {{.State.Pid}} test-container").trim()} -n`;
  });

  it("has the recorded rules in the container's namespace", () => {
    expect(steady(lab.out(`${inside} iptables-save -c`))).toBe(
      steady(oracle("container-netns/iptables-save-c.txt")),
    );
  });

  it("listens over UDP and TCP at 127.0.0.11", () => {
    const resolver = (text: string) => steady(text).split("\n").slice(0, 3);
    expect(resolver(lab.out(`${inside} ss -lntu`))).toEqual(resolver(oracle("container-netns/ss-lntu.txt")));
  });

  it("answers as recorded, with the recorded counters: answers meet no rule", () => {
    lab.out(`${inside} iptables -Z`);
    lab.out(`${inside} iptables -t nat -Z`);
    const shown = (text: string) =>
      text
        .replace(/id: \d+/, "id: N")
        .replace(/Query time: \d+/, "Query time: N")
        .replace(/;; WHEN.*/, "");
    for (const [command, file] of [
      ["dig other", "dns/dig-other.txt"],
      ["dig +tcp +short other", "dns/dig-other-tcp.txt"],
      ["dig -x 172.18.0.3", "dns/dig-reverse.txt"],
    ] as const)
      expect(shown(lab.out(`docker exec test-container ${command}`))).toBe(shown(oracle(file)));
    lab.inside("test-container", "dig +time=2 +tries=1 nosuchname");
    lab.out("docker exec test-container curl -sv other:5000");
    const rules = (text: string) =>
      steady(text)
        .split("\n")
        .filter((line) => / DOCKER_|-A (OUTPUT|POST)/.test(line));
    expect(rules(lab.out(`${inside} iptables-save -c -t nat`))).toEqual(
      rules(oracle("dns/container-iptables-save-c.txt")),
    );
  });

  it("exchanges the recorded messages", () => {
    const dump = lab.host.spawn({
      argv: [...inside.split(" "), "tcpdump", "-i", "lo", "-n", "-c", "8", "-w", "/tmp/lo.pcap", "udp"],
    });
    lab.out("sleep 1");
    for (const line of ["dig other", "dig -x 172.18.0.3"]) lab.out(`docker exec test-container ${line}`);
    lab.out("docker exec test-container curl -s other:5000");
    lab.out("sleep 1");
    expect(dump.exitCode).toBe(0);
    const known = (list: object[]) =>
      list.filter((message) => !JSON.stringify(message).includes("nosuchname"));
    const ours = messages(lab.host.files.readBytes("/tmp/lo.pcap"));
    const theirs = known(messages(readFileSync(new URL("dns/container-lo.pcap", FOLDER))));
    // The recording's curl had the first answer before it sent the second query.
    const sorted = (list: object[]) => list.map((message) => JSON.stringify(message)).sort();
    expect(sorted(ours)).toEqual(sorted(theirs));
  });
});
