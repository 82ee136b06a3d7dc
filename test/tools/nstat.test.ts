import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

const recorded = (name: string) =>
  readFileSync(new URL(`../oracle/nstat/${name}.txt`, import.meta.url), "utf8");

const machine = () => Lab.preset("single", { seed: 3 }).machines.docker01;

const NAMES = (text: string) => text.split("\n").map((row) => row.split(" ")[0]);

/** A lab has no IPv6; types of ICMP that were never seen have no line. */
const ELSEWHERE = /^(Ip6|Icmp6|Udp6|UdpLite6|IcmpMsg)/;

test("/proc/net/netstat has the recorded names in their order", async () => {
  const { stdout } = await machine().script("cat /proc/net/netstat");
  const names = (text: string) => text.split("\n").filter((_, at) => at % 2 === 0);
  expect(names(stdout)).toEqual(names(recorded("netstat")));
});

test("nstat -az lists the recorded names in their order and width", async () => {
  const { stdout } = await machine().script("nstat -az");
  const wanted = NAMES(recorded("nstat-az")).filter((name) => !ELSEWHERE.test(name!));
  expect(NAMES(stdout).filter((name) => !ELSEWHERE.test(name!))).toEqual(wanted);
  const widths = new Set(
    stdout
      .split("\n")
      .slice(1, -1)
      .map((row) => row.length),
  );
  expect([...widths]).toEqual([54]);
});

const PING = "ping -c 1 -q 127.0.0.1 > /dev/null";
const START = `ip netns add t; ip netns exec t bash -c 'ip link set lo up; nstat -n; ${PING}; `;
const row = (name: string, value: number) => `${name.padEnd(32)}${String(value).padEnd(19)}0.0\n`;

/** Commands after one ping in a namespace of their own, and what iproute2 6.1 prints for them. */
const ROWS: readonly (readonly [commands: string, printed: string])[] = [
  [
    "nstat IcmpMsg*",
    `#kernel\n${["InType0", "InType8", "OutType0", "OutType8"].map((type) => row(`IcmpMsg${type}`, 1)).join("")}`,
  ],
  ["nstat -n; nstat", "#kernel\n"],
  [
    "nstat -s IpIn*; nstat IpInReceives",
    `#kernel\n${row("IpInReceives", 2)}${row("IpInDelivers", 2)}#kernel\n${row("IpInReceives", 2)}`,
  ],
  ["nstat IpInReceives; nstat IpIn*", `#kernel\n${row("IpInReceives", 2)}#kernel\n${row("IpInDelivers", 2)}`],
  [`nstat -n; ${PING}; nstat -a icmpinm*`, `#kernel\n${row("IcmpInMsgs", 4)}`],
  ["nstat -n; nstat -r IcmpInMsgs", `#kernel\n${row("IcmpInMsgs", 2)}`],
  ["nstat -az TcpInCsumErrors", `#kernel\n${row("TcpInCsumErrors", 0)}`],
  [
    "nstat -azj Icmp*Echo*",
    '{"kernel":{"IcmpInEchos":1,"IcmpInEchoReps":1,"IcmpOutEchos":1,"IcmpOutEchoReps":1}}\n',
  ],
  ["nstat -j -p -a IcmpInM*", '{\n    "kernel": {\n        "IcmpInMsgs": 2\n    }\n}\n'],
  ["nstat -j nope", '{"kernel":{}}\n'],
  ["nstat -V", "nstat utility, iproute2-6.1.0\n"],
  ["echo junk > /tmp/.nstat.u0; nstat", "nstat.c:146: error parsing history file\n"],
];

test.each(ROWS)("%s", async (commands, printed) => {
  const { stdout, stderr } = await machine().script(`${START}${commands}'`);
  expect(stdout + stderr).toBe(printed);
});

test("wrong options", async () => {
  const docker01 = machine();
  const { stderr, status } = await docker01.script("nstat -Q");
  expect(stderr).toMatch(/^nstat: invalid option -- 'Q'\nUsage: nstat \[OPTION\]/);
  expect(status).toBe(255);
  expect(await docker01.script("nstat -d 1")).toMatchObject({ status: 1 });
});
