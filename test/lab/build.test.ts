import { Lab, ms, us } from "hopbook";
import { describe, expect, it } from "vitest";

const up = (address: string) => [
  "ip link set lo up",
  "ip link set eth0 up",
  `ip address add ${address}/24 brd + dev eth0`,
];

const PAIR = {
  machines: {
    left: { nics: ["eth0"], setup: up("10.0.0.1") },
    right: { nics: ["eth0"], setup: up("10.0.0.2") },
  },
  cables: { wire: { ends: ["left:eth0", "right:eth0"], delay: ms(2) } },
} as const;

/** Round-trip time of one ping, the neighbour known, in milliseconds. */
function rtt(lab: Lab): number {
  lab.machine("left").ping("10.0.0.2", { count: 1 });
  return Number(/time=([\d.]+)/.exec(lab.machine("left").ping("10.0.0.2", { count: 1 }).stdout)![1]);
}

describe("a lab of one's own", () => {
  it("has the machines, switches and cables of its plan, typed by name", async () => {
    const lab = Lab.build({
      machines: {
        one: { nics: ["eth0"], setup: up("10.0.0.1"), docker: true },
        two: { nics: ["eth0"], setup: [...up("10.0.0.2"), ["sysctl", "-q", "-w", "net.ipv4.ip_forward=1"]] },
        three: { nics: ["eth0"], setup: up("10.0.0.3"), services: ["http"] },
      },
      switches: ["hub"],
      cables: {
        a: { ends: ["one:eth0", "hub"] },
        b: { ends: ["hub", "two:eth0"] },
        c: { ends: ["three:eth0", "hub"], rate: 1e6 },
      },
    });
    const { one, two } = lab.machines;
    expect(two.ping("10.0.0.1", { count: 1 }).ok).toBe(true);
    expect(one.get("http://10.0.0.3:8080/").text).toBe("Hello from three");
    one.docker.run("test-image", { name: "web" });
    expect(one.exec("docker ps").text).toContain("web");
    expect(lab.cables.c.rate).toBe(1e6);
    // @ts-expect-error a machine that is not in the plan
    expect(lab.machines.four).toBeUndefined();
    const again = await Lab.replay(lab.journal.toString());
    expect(again.journal.toJSON()).toEqual(lab.journal.toJSON());
    expect(again.machine("one").exec("docker ps -q").text).toBe(one.exec("docker ps -q").text);
  });

  it.each([
    [{ machines: {}, cables: {} }, "a lab's plan has no machines"],
    [{ ...PAIR, cabels: {} }, 'a lab\'s plan has no "cabels"; there are: machines, switches, cables'],
    [{ machines: { "a b": {} }, cables: {} }, 'a machine cannot be named "a b"'],
    [{ machines: { a: { nics: ["eth/0"] } }, cables: {} }, 'machine "a": a card cannot be named "eth/0"'],
    [{ machines: { a: { nics: ["lo"] } }, cables: {} }, 'machine "a": a card cannot be named "lo"'],
    [{ machines: { a: { nics: ["x", "x"] } }, cables: {} }, 'machine "a" has two cards "x"'],
    [{ machines: { a: { nic: ["x"] } }, cables: {} }, 'machine "a" has no "nic"; there are: nics, setup'],
    [
      { machines: { a: { services: ["ftp"] } }, cables: {} },
      'machine "a": no service "ftp"; there are: http',
    ],
    [{ machines: { a: {} }, switches: ["a"], cables: {} }, 'two machines or switches are named "a"'],
    [{ machines: PAIR.machines, cables: { w: { ends: ["left:eth0"] } } }, 'cable "w" needs two ends'],
    [
      { machines: PAIR.machines, cables: { w: { ends: ["left:eth0", "middle:eth0"] } } },
      'cable "w": no machine or switch "middle"; there are: left, right',
    ],
    [
      { machines: PAIR.machines, cables: { w: { ends: ["left", "right:eth0"] } } },
      'cable "w": which card of left? Write "left:eth0"; it has: eth0',
    ],
    [
      { machines: PAIR.machines, cables: { w: { ends: ["left:eth1", "right:eth0"] } } },
      'cable "w": left has no card "eth1"; it has: eth0',
    ],
    [
      { machines: PAIR.machines, cables: { w: { ends: ["left:eth0", "left:eth0"] } } },
      'cable "w": both its ends are left:eth0',
    ],
    [
      {
        ...PAIR,
        switches: ["hub"],
        cables: { ...PAIR.cables, second: { ends: ["hub", "left:eth0"] } },
      },
      'cable "second": cable "wire" is in left:eth0 already; a card takes one cable',
    ],
    [
      { ...PAIR, switches: ["hub"], cables: { w: { ends: ["hub:port1", "left:eth0"] } } },
      'cable "w": a switch gives each cable a port of its own: write "hub", not "hub:port1"',
    ],
    [
      { machines: PAIR.machines, cables: { w: { ...PAIR.cables.wire, rate: 0 } } },
      'cable "w": rate is bits a second, 1 or more: 100e6; not 0',
    ],
    [
      {
        machines: { a: { nics: ["eth0"], setup: ["ip link set eth0 up", "ip link set eth1 up"] } },
        cables: {},
      },
      'machine "a": the set-up command "ip link set eth1 up" ended with status 1: Cannot find device "eth1"',
    ],
    [
      { machines: { a: { setup: ["ip link | grep lo"] } }, cables: {} },
      'machine "a": no shell runs the set-up command "ip link | grep lo"',
    ],
    [
      { machines: { a: { setup: ["frobnicate"] } }, cables: {} },
      'machine "a": the set-up command "frobnicate" ended with status 127: bash: frobnicate: command not found',
    ],
  ])("%j is refused in words", (plan, message) => {
    expect(() => Lab.build(plan as never)).toThrow(message);
  });
});

describe("a cable of a lab", () => {
  const build = (seed = 1) => Lab.build(PAIR, { seed });

  it("changes its delay while the lab runs, in both directions or in one", () => {
    const lab = build();
    expect(rtt(lab as unknown as Lab)).toBeCloseTo(4, 0);
    lab.cables.wire.set({ delay: ms(10) });
    expect(rtt(lab as unknown as Lab)).toBeCloseTo(20, 0);
    lab.cables.wire.from("left").set({ delay: us(1) });
    expect(rtt(lab as unknown as Lab)).toBeCloseTo(10, 0);
    expect(String(lab.cables.wire)).toBe(
      "wire: left:eth0 → right:eth0, delay 1.00 µs, rate 10 Gbit/s\n      right:eth0 → left:eth0, delay 10.0 ms, rate 10 Gbit/s",
    );
    expect(lab.topology().links.flatMap(({ notes }) => notes ?? [])).toEqual([
      "left → right: delay 1.00 µs",
      "right → left: delay 10.0 ms",
    ]);
    expect(() => lab.cables.wire.from("middle")).toThrow(
      'cable "wire" does not begin at "middle"; its ends are: left:eth0, right:eth0',
    );
  });

  it("loses the share that it is told to, the same frames for the same seed", () => {
    const received = (seed: number) => {
      const lab = build(seed);
      rtt(lab as unknown as Lab);
      lab.cables.wire.from("right").set({ loss: 0.3 });
      const { stdout } = lab.machines.left.exec("ping -i 0.01 -c 200 10.0.0.2");
      return [...stdout.matchAll(/icmp_seq=(\d+)/g)].map(([, number]) => number);
    };
    const first = received(1);
    expect(first.length).toBeGreaterThan(115);
    expect(first.length).toBeLessThan(165);
    expect(received(1)).toEqual(first);
    expect(received(2)).not.toEqual(first);
  });

  it("keeps frames in order when its delay shrinks, and lets what still waits go at the new rate", () => {
    const lab = build();
    rtt(lab as unknown as Lab);
    lab.cables.wire.set({ delay: ms(500) });
    const capture = lab.machines.right.capture("eth0", "icmp");
    const job = lab.machines.left.start("ping", "-c", "6", "-i", "0.1", "10.0.0.2");
    lab.wait(ms(150));
    lab.cables.wire.set({ delay: ms(1) });
    lab.wait(ms(3000));
    job.stop();
    capture.stop();
    const path = capture.argv[capture.argv.indexOf("-w") + 1];
    const { stdout } = lab.machines.right.exec(
      `tcpdump -n -r ${path} icmp[0]=8`.replace(/icmp\[0\]=8/, "src 10.0.0.1"),
    );
    expect([...stdout.matchAll(/seq (\d+)/g)].map(([, number]) => Number(number))).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);

    lab.cables.wire.set({ rate: 8_000 });
    const slow = lab.machines.left.start("ping", "-c", "3", "-i", "0.01", "-s", "1000", "10.0.0.2");
    lab.wait(ms(200));
    expect(slow.text).not.toContain("bytes from");
    lab.cables.wire.set({ rate: 1e9 });
    lab.wait(ms(1500));
    expect(slow.text).toContain("icmp_seq=3");
  });

  it.each([
    [{ delay: -1 }, "delay is a whole number of nanoseconds, 0 or more: ms(5); not -1"],
    [{ delay: Number.NaN }, "delay is a whole number of nanoseconds, 0 or more: ms(5); not NaN"],
    [{ rate: 0 }, "rate is bits a second, 1 or more: 100e6; not 0"],
    [{ rate: Number.NaN }, "rate is bits a second"],
    [{ rate: Number.POSITIVE_INFINITY }, "rate is bits a second"],
    [{ loss: 1.5 }, "loss is a share from 0 to 1: 0.01 is one frame in a hundred; not 1.5"],
    [{ loss: "1%" }, "loss is a share from 0 to 1"],
    [{ queue: 0 }, "queue is a whole number of frames, 1 or more; not 0"],
    [{ lost: 0.1 }, 'no figure "lost"; there are: delay, rate, queue, loss'],
  ])("refuses %j, and changes nothing", (figures, message) => {
    const lab = build();
    expect(() => lab.cables.wire.set({ delay: ms(1), ...(figures as object) })).toThrow(message);
    expect(lab.cables.wire.delay).toBe(ms(2));
    expect(lab.journal.entries).toEqual([]);
  });
});
