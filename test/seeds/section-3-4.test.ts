import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { logLines } from "./kernel-log.js";
import { outputOf, play, type Ran } from "./play.js";
import { seedSection } from "./seed.js";

const recording = (name: string) =>
  readFileSync(new URL(`../oracle/port-mapping/log-rules/${name}`, import.meta.url), "utf8").replace(
    /^# .*\n/,
    "",
  );

const ASK = "client# curl -s 192.168.56.101:5000";

/** The seed's lines; the request that its reader makes from outside comes once each pair of captures runs. */
function withRequests(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const asked = line.includes('"NAT DOCKER"') && line.startsWith("tail") ? [ASK] : [];
    const again = line.startsWith("sudo tcpdump -i docker0") ? [ASK] : [];
    return [...(line.startsWith("sudo iptables -L DOCKER") ? ["docker01# "] : []), line, ...asked, ...again];
  });
}

describe("seed 004 §3-4, as written", () => {
  let ran: Ran[] = [];

  beforeAll(async () => {
    const [beforeStop, afterStop] = ["docker stop curl-container", "docker rm curl-container"];
    const lines = withRequests(seedSection("3-4")).flatMap((line) =>
      line.startsWith(beforeStop) ? ["docker01# true", line] : [line],
    );
    ran = await play(lines, undefined, [
      'docker run -ti -d --name="curl-container" test-image',
      'docker run -ti -d --name="api-container" test-image',
    ]);
    expect(lines.some((line) => line.startsWith(afterStop))).toBe(true);
  });

  it("runs every command", () => {
    expect(ran.filter(({ line }) => !line.startsWith("docker01#") && line !== ASK).length).toBe(19);
    const failed = ran.filter(({ status }) => status !== 0);
    expect(failed.map(({ line, stderr }) => `${line}: ${stderr}`)).toEqual([]);
  });

  it("says on standard error only that captures run, and their counts", () => {
    const said = ran.map(({ stderr }) => stderr).join("");
    const others = said
      .split("\n")
      .filter(
        (line) =>
          !/^$|goes on in the background|^tcpdump: verbose|^listening on|packets? (captured|received|dropped)/.test(
            line,
          ),
      );
    expect(others).toEqual([]);
  });

  it("is told its public address by the cloud", () => {
    expect(outputOf(ran, "TOKEN=").stdout).toBe("192.168.56.101");
    expect(outputOf(ran, "ip address show dev enX0").stdout).toContain(
      "inet 192.168.56.101/24 brd 192.168.56.255",
    );
  });

  it.each([
    ["sudo iptables -L -t nat", "iptables-L-t-nat.txt"],
    ["sudo iptables -L DOCKER -t nat", "iptables-L-DOCKER-t-nat.txt"],
  ])("%s prints what was recorded", (command, file) => {
    expect(outputOf(ran, command).stdout).toContain(recording(file));
  });

  it("numbers the rules as recorded", () => {
    const uncounted = (text: string) =>
      text
        .replace(/^(\d+ +)\d+( +)\d+ /gm, (_, number: string) => `${number}P B `)
        .replace(/\d+ packets, \d+ bytes/g, "P packets, B bytes");
    expect(uncounted(outputOf(ran, "sudo iptables -L -nv").stdout)).toBe(
      uncounted(recording("iptables-L-nv-t-nat-line-numbers.txt")),
    );
  });

  /** Everything printed from the nth request to the next capture, which begins with the log's last lines. */
  const printedAfter = (nth: number) => {
    const at = ran.flatMap(({ line }, i) => (line === ASK ? [i] : []))[nth]!;
    const rest = ran.slice(at + 1);
    const next = rest.findIndex(({ line }) => line.startsWith("tail"));
    return (next < 0 ? rest : rest.slice(0, next)).map(({ stdout }) => stdout).join("");
  };

  const packets = (text: string, filter: RegExp) =>
    text
      .split("\n")
      .filter((line) => filter.test(line))
      .map((line) => line.replace(/^\S+ /, "").replace(/(203\.0\.113\.9)\.\d+/, "$1.PORT"));

  it.each([
    ["enX0", 0, /IP .*192\.168\.56\.101\.5000/],
    ["docker0", 1, /IP .*172\.17\.0\.3\.5000/],
  ] as const)("shows the request on %s as recorded, up to its close", (device, nth, filter) => {
    const recorded = packets(recording(`client-to-published.tcpdump-${device}-q.txt`), / IP /);
    const ours = packets(printedAfter(nth), filter);
    expect(ours.length).toBe(recorded.length);
    expect(ours.slice(0, 9)).toEqual(recorded.slice(0, 9));
  });

  it("shows the log's lines that grep lets through, as they come", () => {
    const recorded = logLines(recording("client-to-published.kern.log"));
    const first = logLines(printedAfter(0));
    expect(first.map(({ text }) => text)).toEqual(recorded.slice(0, 2).map(({ text }) => text));
    const second = logLines(printedAfter(1));
    const prefixes = (lines: typeof second) => lines.map(({ prefix }) => prefix);
    const wanted = ["FORWARD", "FILTER DOCKER"];
    expect(prefixes(second).filter((prefix) => wanted.includes(prefix))).toEqual(
      prefixes(recorded).filter((prefix) => wanted.includes(prefix)),
    );
  });

  it("writes the log as Debian's rsyslog does", () => {
    const lines = printedAfter(0)
      .split("\n")
      .filter((line) => line.includes("IN="));
    for (const line of lines)
      expect(line).toMatch(
        /^Nov 21 03:1\d:\d\d docker01 kernel: \[ {0,5}\d+\.\d{6}\] [A-Z ]+: IN=\S+ OUT=\S* .*URGP=0 $/,
      );
  });
});
