import fc from "fast-check";
import { CheckFailure, Lab, Task } from "hopbook";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setDisplaySink } from "../../kernel-lib/src/base/display.js";

const said: string[] = [];
beforeAll(() => setDisplaySink((bundle) => said.push(String(bundle["text/plain"]))));
afterAll(() => setDisplaySink(null));

/** Three web servers behind one address: the first gets three quarters of the requests, the third none. */
const lab = Lab.preset("single", { docker: "20.10" });
const { docker01, client } = lab.machines;
for (const name of ["one", "two", "three"]) docker01.docker.run("test-image", { name });
const share = (probability: number, to: number) =>
  docker01.exec(
    `iptables -t nat -A PREROUTING -i enX0 -p tcp --dport 80 -m statistic --mode random --probability ${probability} -j DNAT --to-destination 172.17.0.${to}:5000`,
  );
share(0.75, 2);
share(1, 3);
docker01.exec("iptables -I DOCKER-USER -d 172.17.0.0/16 -j ACCEPT");
const url = "http://192.168.56.101/";
const spread = (requests = 200) => lab.check.spread(url, { from: client, requests });

describe("spread", () => {
  it("holds for shares by name, in any order, and for a load that has run", async () => {
    await spread().within(0.08, { one: 3, two: 1 });
    await spread().within(0.08, [1, 3]);
    await lab.check.not.spread(url, { from: client }).within(0.08);
    await lab.check.spread(client.load({ url, requests: 100, rate: 100 })).within(0.15, [3, 1]);
    expect(said.splice(0)).toEqual([
      "✓ the requests to http://192.168.56.101/ are spread one 75 %, two 25 %, each within 8 %",
      "✓ the requests to http://192.168.56.101/ are spread 25 %, 75 %, each within 8 %",
      "✓ the requests to http://192.168.56.101/ are not spread evenly over 2 replicas, each within 8 %",
      "✓ the requests are spread 75 %, 25 %, each within 15 %",
    ]);
  });

  it.each([
    [
      "a replica that gets nothing",
      () => spread().within(0.1, 3),
      /evenly over 3 replicas[\s\S]*seen: one 7\d.*two 2\d/,
    ],
    ["a replica that nobody named", () => spread().within(0.1, { one: 1 }), /seen: one/],
    [
      "requests without an answer",
      () => lab.check.spread("http://192.168.56.101:81/", { from: client, requests: 5 }).within(1),
      /no answer; 5 of 5 requests failed/,
    ],
  ])("does not hold for %s", async (_what, check, message) => {
    await expect(check()).rejects.toThrow(CheckFailure);
    await expect(check()).rejects.toThrow(message);
  });

  it.each([
    ["a tolerance", () => spread().within(5), "a tolerance is a share from 0 to 1, not 5"],
    ["shares", () => spread(2).within(0.1, [-1, 2]), "shares are numbers of parts"],
    ["a number of replicas", () => spread(2).within(0.1, 1.5), "a number of replicas is a whole number"],
  ])("refuses a wrong %s", async (_what, check, message) => {
    await expect(check()).rejects.toThrow(message);
  });
});

describe("seen", () => {
  const job = docker01.capture("docker0");
  client.get(url);
  job.stop();
  const file = job.argv[job.argv.indexOf("-w") + 1]!;

  it("holds for a capture, its file, its bytes and a trace", async () => {
    await lab.check.seen(job, "tcp port 5000", { atLeast: 5 });
    await lab.check.seen({ machine: docker01, file }, "tcp port 5000 and tcp[tcpflags] & tcp-syn != 0");
    await lab.check.seen(job.pcap, "tcp port 5000");
    await lab.check.seen(
      lab.trace(() => docker01.ping("172.17.0.2", { count: 1 })),
      "icmp",
    );
    await lab.check.not.seen(job, "udp");
    expect(said.splice(0)).toEqual([
      `✓ the capture “tcpdump -i docker0 -U -w ${file}” on docker01 has 5 frames for “tcp port 5000”`,
      `✓ ${file} on docker01 has a frame for “tcp port 5000 and tcp[tcpflags] & tcp-syn != 0”`,
      "✓ the capture has a frame for “tcp port 5000”",
      "✓ the trace has a frame for “icmp”",
      `✓ the capture “tcpdump -i docker0 -U -w ${file}” on docker01 has not a frame for “udp”`,
    ]);
  });

  it.each([
    ["no such frame", () => lab.check.seen(job, "udp"), /seen: \d+ frames, of which none passes the filter/],
    [
      "no such file",
      () => lab.check.seen({ machine: docker01, file: "/root/x.pcap" }, "udp"),
      "seen: there is no such file",
    ],
    [
      "no capture",
      () => lab.check.seen({ machine: docker01, file: "/etc/hostname" }, "udp"),
      "seen: it is no capture file",
    ],
    ["a wrong filter", () => lab.check.seen(job, "port port"), "the filter “port port”: "],
  ])("does not hold for %s", async (_what, check, message) => {
    await expect(check()).rejects.toThrow(message);
  });
});

describe("answers", () => {
  const prepared = {
    ...{
      assignment: "example",
      task: "words",
      student: "ada",
      journal: Lab.preset("single").journal.toJSON(),
    },
    ...{ facts: {}, hints: [], secret: {} },
  };

  it.each([
    ["nothing", undefined, undefined, false],
    ["anything", "x", undefined, true],
    ["another case and more blanks", "  The  MTU ", "the mtu", true],
    ["a number as text", "1450", 1450, true],
    ["one of several", "fdb", ["mtu", "fdb"], true],
    ["none of them", "arp", ["mtu", "fdb"], false],
    ["a pattern", "the FORWARD chain", /forward/i, true],
    ["a function", 7, (value: unknown) => value === 7, true],
    ["another value", "mtu", "fdb", false],
  ])("%s", async (_what, given, wanted, right) => {
    const task = await Task.replay(prepared);
    if (given !== undefined) task.answer("cause", given);
    const check = task.check.answer("cause", wanted);
    if (right) await check;
    else await expect(check).rejects.toThrow(/^expected: (?!.*(fdb|mtu))/);
    said.splice(0);
  });
});

/** What a student may do in a task, in any order; some of it is refused. */
const STEP = fc.oneof(
  fc
    .constantFrom(
      "iptables -A INPUT -p icmp -j DROP",
      "iptables -D INPUT 1",
      "ip address del 203.0.113.9/24 dev eth0",
      "ip link set eth0 down",
      "ip link set eth0 up",
      "no-such-command",
      "sh -c true",
    )
    .map((line) => ({ kind: "exec" as const, line })),
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.oneof(fc.string(), fc.integer(), fc.boolean()))
    .map(([question, value]) => ({ kind: "answer" as const, question, value })),
  fc.integer({ min: 0, max: 3 }).map((number) => ({ kind: "hint" as const, number })),
  fc.constant({ kind: "check" as const }),
  fc.integer({ min: 1, max: 5e9 }).map((duration) => ({ kind: "wait" as const, duration })),
);

it("a task's journal with answers, hints and checks replays to the same lab, whatever was done", async () => {
  const journal = Lab.preset("single").journal.toJSON();
  const prepared = {
    assignment: "a",
    task: "t",
    student: "s",
    journal,
    facts: {},
    hints: ["one", "two"],
    secret: {},
  };
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { maxLength: 8 }), async (steps) => {
      const task = await Task.replay(prepared);
      const { client: user, docker01: host } = task.lab.machines;
      for (const step of steps) {
        try {
          if (step.kind === "exec") user!.exec(step.line);
          else if (step.kind === "answer") task.answer(step.question, step.value);
          else if (step.kind === "hint") task.hint(step.number);
          else if (step.kind === "wait") task.lab.wait(step.duration);
          else await task.check.reaches(host!, user!);
        } catch {
          // A check that does not hold, a hint that is not there: the notebook goes on.
        }
      }
      const again = await Lab.replay(String(task.lab.journal));
      expect(again.journal.toJSON()).toEqual(task.lab.journal.toJSON());
      expect(again.now).toBe(task.lab.now);
      expect(again.world.recorder).toBeNull();
      const state = (one: Lab) =>
        String(one.machines.client!.exec("ip -s neigh")) + one.machines.client!.exec("iptables -S");
      expect(state(again)).toBe(state(task.lab));
    }),
    { numRuns: 15, seed: 8 },
  );
});
