import { readFileSync } from "node:fs";
import { Lab, seconds } from "hopbook";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

/** What a real `tc` (iproute2 6.1, Linux 6.1) said to `tc qdisc add dev v0 root …`, its status, and `tc qdisc show dev v0` afterwards. */
const RECORDED = readFileSync(new URL("../oracle/tc/options.txt", import.meta.url), "utf8")
  .split(/^\$ /m)
  .slice(1)
  .map((block) => {
    const [, command, said, status, shown] = /^(.*)\n([\s\S]*?)\[(\d+)\]\n([\s\S]*)$/.exec(block)!;
    return { command: command!, said: said!, status: Number(status), shown: shown! };
  });

/** Options of the real tool that this one refuses by name. */
const REFUSED = /distribution|loss (state|gemodel)|slot|ecn|peakrate|mpu|overhead 14|linklayer/;

describe("tc qdisc", () => {
  let lab: Lab;
  const tc = (line: string) => lab.machine("docker01").exec(`tc ${line}`);

  beforeAll(() => {
    lab = Lab.preset("single", { docker: "20.10" }) as unknown as Lab;
    for (const command of ["ip link add v0 type veth peer name v1", "ip link set v0 up", "ip link set v1 up"])
      lab.machine("docker01").exec(command);
  });

  beforeEach(() => void tc("qdisc del dev v0 root"));

  it.each(RECORDED.filter(({ command }) => !REFUSED.test(command)))(
    "$command",
    ({ command, said, status, shown }) => {
      const result = tc(`qdisc add dev v0 root ${command}`);
      expect(result.stderr + result.stdout).toBe(said);
      expect(result.status).toBe(status);
      expect(tc("qdisc show dev v0").stdout).toBe(shown);
    },
  );

  it.each(RECORDED.filter(({ command }) => REFUSED.test(command)).map(({ command }) => command))(
    "%s is refused by name, and changes nothing",
    (command) => {
      const { status, stderr } = tc(`qdisc add dev v0 root ${command}`);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^tc: (netem|tbf) .*".*" is not supported here\n$/);
      expect(tc("qdisc show dev v0").stdout).toBe("qdisc noqueue 0: root refcnt 2 \n");
    },
  );

  it.each([
    [
      ["add dev v0 root netem delay 10ms", "add dev v0 root netem delay 20ms"],
      2,
      "Error: Exclusivity flag on, cannot modify.\n",
      "netem 8001: root refcnt 2 limit 1000 delay 10ms",
    ],
    [
      ["add dev v0 root netem delay 10ms", "change dev v0 root netem loss 1%"],
      0,
      "",
      "netem 8001: root refcnt 2 limit 1000 loss 1%",
    ],
    [
      ["add dev v0 root netem delay 1ms", "add dev v0 root tbf rate 1mbit burst 10kb latency 50ms"],
      0,
      "",
      "tbf 8002: root refcnt 2 rate 1Mbit burst 10Kb lat 50ms ",
    ],
    [
      ["replace dev v0 root netem delay 10ms 2ms loss 1.5% rate 100mbit limit 50"],
      0,
      "",
      "netem 8001: root refcnt 2 limit 50 delay 10ms  2ms loss 1.5% rate 100Mbit",
    ],
    [["repl dev v0 root handle 1: netem delay 1ms"], 0, "", "netem 1: root refcnt 2 limit 1000 delay 1ms"],
    [
      ["add dev v0 root handle 1: netem delay 1ms", "add dev v0 root handle 10:0 netem delay 1ms"],
      2,
      "Error: NLM_F_REPLACE needed to override.\n",
      "netem 1: root refcnt 2 limit 1000 delay 1ms",
    ],
    [
      ["del dev v0 root"],
      2,
      "Error: Cannot delete qdisc with handle of zero.\n",
      "noqueue 0: root refcnt 2 ",
    ],
    [["del dev v0"], 2, "Error: Failed to find qdisc with specified handle.\n", "noqueue 0: root refcnt 2 "],
    [
      ["change dev v0 root netem delay 5ms"],
      2,
      "Error: Qdisc not found. To create specify NLM_F_CREATE flag.\n",
      "noqueue 0: root refcnt 2 ",
    ],
    [["del dev nosuch root"], 1, 'Cannot find device "nosuch"\n', "noqueue 0: root refcnt 2 "],
    [["show dev nosuch"], 1, 'Cannot find device "nosuch"\n', "noqueue 0: root refcnt 2 "],
    [["add dev v0 root bogus"], 2, "Error: Specified qdisc kind is unknown.\n", "noqueue 0: root refcnt 2 "],
    [["add dev v0 root"], 2, "Error: Specified qdisc kind is unknown.\n", "noqueue 0: root refcnt 2 "],
    [["add dev v0 netem delay 1ms"], 2, "Error: Handle cannot be zero.\n", "noqueue 0: root refcnt 2 "],
    [["add root netem delay 1ms"], 2, "RTNETLINK answers: No such device\n", "noqueue 0: root refcnt 2 "],
    [
      ["add dev v0 root root netem"],
      255,
      'Error: "root" is duplicate parent ID\n',
      "noqueue 0: root refcnt 2 ",
    ],
    [["add dev"], 255, 'Command line is not complete. Try option "help"\n', "noqueue 0: root refcnt 2 "],
    [["show frob"], 255, 'What is "frob"? Try "tc qdisc help".\n', "noqueue 0: root refcnt 2 "],
    [["frob"], 255, 'Command "frob" is unknown, try "tc qdisc help".\n', "noqueue 0: root refcnt 2 "],
    [["add dev v0 root htb"], 1, 'tc: qdisc "htb" is not supported here\n', "noqueue 0: root refcnt 2 "],
    [["add dev v0 ingress"], 1, 'tc: qdisc "ingress" is not supported here\n', "noqueue 0: root refcnt 2 "],
  ])("%j answers as recorded, or says what it lacks", (lines, status, said, shown) => {
    const last = lines.map((line) => tc(`qdisc ${line}`)).at(-1)!;
    expect([last.status, last.stderr]).toEqual([status, said]);
    expect(tc("qdisc show dev v0").stdout).toBe(`qdisc ${shown}\n`);
  });

  it("is listed by ip link and counts what it sent", () => {
    tc("qdisc add dev v0 root netem delay 10ms");
    expect(lab.machine("docker01").exec("ip link show v0").stdout).toContain(" qdisc netem state UP ");
    expect(tc("-s qdisc show dev v0").stdout).toBe(
      "qdisc netem 8001: root refcnt 2 limit 1000 delay 10ms\n Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) \n backlog 0b 0p requeues 0\n",
    );
  });
});

describe("netem and tbf on a host's card", () => {
  const build = () => Lab.preset("vxlan", { docker: "20.10", seed: 3 });
  const ping = (lab: ReturnType<typeof build>, words: string) =>
    lab.machines["host-a"].exec(`ping ${words} 192.168.56.102`).stdout;

  it("netem delays what the host sends, and leaves what it receives alone", () => {
    const lab = build();
    ping(lab, "-c 1");
    lab.machines["host-a"].exec("tc qdisc add dev enX0 root netem delay 10ms");
    expect(Number(/time=([\d.]+)/.exec(ping(lab, "-c 1"))![1])).toBeCloseTo(10, 0);
    lab.machines["host-b"].exec("tc qdisc add dev enX0 root netem delay 5ms");
    expect(Number(/time=([\d.]+)/.exec(ping(lab, "-c 1"))![1])).toBeCloseTo(15, 0);
    lab.machines["host-a"].exec("tc qdisc del dev enX0 root");
    lab.machines["host-b"].exec("tc qdisc del dev enX0 root");
    expect(Number(/time=([\d.]+)/.exec(ping(lab, "-c 1"))![1])).toBeLessThan(1);
  });

  it("netem loses the share that it is told to, and a capture on the host does not see those", () => {
    const lab = build();
    ping(lab, "-c 1");
    lab.machines["host-a"].exec("tc qdisc add dev enX0 root netem loss 25%");
    const capture = lab.machines["host-a"].capture("enX0", "icmp");
    const received = ping(lab, "-c 200 -i 0.01").match(/bytes from/g)!.length;
    capture.stop();
    expect(received).toBeGreaterThan(125);
    expect(received).toBeLessThan(175);
    const shown = lab.machines["host-a"].exec("tc -s qdisc show dev enX0").stdout;
    expect(shown).toContain(`Sent ${received * 98} bytes ${received} pkt (dropped ${200 - received},`);
    expect(capture.messages).toContain(`${2 * received} packets captured`);
  });

  it("netem's jitter lets frames overtake each other", () => {
    const lab = build();
    ping(lab, "-c 1");
    lab.machines["host-a"].exec("tc qdisc add dev enX0 root netem delay 30ms 25ms");
    const order = [...ping(lab, "-c 60 -i 0.005").matchAll(/icmp_seq=(\d+)/g)].map(([, n]) => Number(n));
    expect(order).toHaveLength(60);
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
  });

  it("tbf holds a flow to its rate and drops what cannot wait", () => {
    const lab = build();
    const { "host-a": a, "host-b": b } = lab.machines;
    a.exec("tc qdisc add dev enX0 root tbf rate 1mbit burst 10kb latency 50ms");
    b.exec("sysctl -q -w net.ipv4.icmp_ratelimit=0");
    const job = a.start("ping", "-i", "0.002", "-s", "1000", "192.168.56.102");
    lab.wait(seconds(4));
    job.stop();
    const [, bytes, dropped, overlimits] = /Sent (\d+) bytes \d+ pkt \(dropped (\d+), overlimits (\d+)/
      .exec(a.exec("tc -s qdisc show dev enX0").stdout)!
      .map(Number) as [number, number, number, number];
    expect(bytes).toBeGreaterThan(480_000);
    expect(bytes).toBeLessThan(540_000);
    expect(dropped).toBeGreaterThan(100);
    expect(overlimits).toBeGreaterThan(100);
  });
});
