import { beforeAll, describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";
import { printTwoDigits, printUnits } from "../../kernel-lib/src/tools/iperf3/format.js";

/** Numbers and units by chance of the recording: the words and the columns are compared. */
function masked(text: string): string {
  return text
    .replace(/ +\d+(\.\d+)? ([KMG]?)(Bytes|bits)/g, " N $3")
    .replace(/port \d{5}/g, "port PORT")
    .replace(/\d+\.\d\d-\d+\.\d\d/g, "N-N")
    .replace(/\d+\.\d{3} ms {2}\d+\/\d+ \([\d.e+]+%\)/g, "J ms  L/T (P%)")
    .replace(/sec +\d+(?= )/g, "sec  N");
}

/** What iperf3 3.12 printed between two namespaces, with the addresses of the lab. */
const RECORDED: readonly (readonly [options: string, client: string])[] = [
  [
    "-n 1M",
    `Connecting to host 192.168.56.102, port 5201
[  5] local 192.168.56.101 port 56116 connected to 192.168.56.102 port 5201
[ ID] Interval           Transfer     Bitrate         Retr  Cwnd
[  5]   0.00-0.01   sec  1.00 MBytes  1.65 Gbits/sec    0    452 KBytes       
- - - - - - - - - - - - - - - - - - - - - - - - -
[ ID] Interval           Transfer     Bitrate         Retr
[  5]   0.00-0.01   sec  1.00 MBytes  1.65 Gbits/sec    0             sender
[  5]   0.00-0.01   sec   384 KBytes   314 Mbits/sec                  receiver

iperf Done.
`,
  ],
  [
    "-t 1 -R -b 5M",
    `Connecting to host 192.168.56.102, port 5201
Reverse mode, remote host 192.168.56.102 is sending
[  5] local 192.168.56.101 port 45356 connected to 192.168.56.102 port 5201
[ ID] Interval           Transfer     Bitrate
[  5]   0.00-1.00   sec   311 MBytes  2.61 Gbits/sec                  
- - - - - - - - - - - - - - - - - - - - - - - - -
[ ID] Interval           Transfer     Bitrate         Retr
[  5]   0.00-2.05   sec   638 MBytes  2.61 Gbits/sec   51             sender
[  5]   0.00-2.05   sec   637 MBytes  2.61 Gbits/sec                  receiver

iperf Done.
`,
  ],
  [
    "-u -b 5M -t 2",
    `Connecting to host 192.168.56.102, port 5201
[  5] local 192.168.56.101 port 33519 connected to 192.168.56.102 port 5201
[ ID] Interval           Transfer     Bitrate         Total Datagrams
[  5]   0.00-1.00   sec   611 KBytes  5.00 Mbits/sec  432  
[  5]   1.00-2.00   sec   609 KBytes  4.99 Mbits/sec  431  
- - - - - - - - - - - - - - - - - - - - - - - - -
[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams
[  5]   0.00-2.00   sec  1.19 MBytes  5.00 Mbits/sec  0.000 ms  0/863 (0%)  sender
[  5]   0.00-2.01   sec  1.19 MBytes  4.98 Mbits/sec  0.025 ms  0/863 (0%)  receiver

iperf Done.
`,
  ],
  [
    "-u -t 2 -R",
    `Connecting to host 192.168.56.102, port 5201
Reverse mode, remote host 192.168.56.102 is sending
[  5] local 192.168.56.101 port 47567 connected to 192.168.56.102 port 5201
[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams
[  5]   0.00-1.00   sec   129 KBytes  1.05 Mbits/sec  0.665 ms  0/91 (0%)  
[  5]   1.00-2.00   sec   129 KBytes  1.05 Mbits/sec  0.124 ms  0/91 (0%)  
- - - - - - - - - - - - - - - - - - - - - - - - -
[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams
[  5]   0.00-2.00   sec   257 KBytes  1.05 Mbits/sec  0.000 ms  0/182 (0%)  sender
[  5]   0.00-2.00   sec   257 KBytes  1.05 Mbits/sec  0.124 ms  0/182 (0%)  receiver

iperf Done.
`,
  ],
  [
    "-t 1 -u -P 2 -b 1M",
    `Connecting to host 192.168.56.102, port 5201
[  5] local 192.168.56.101 port 42606 connected to 192.168.56.102 port 5201
[  7] local 192.168.56.101 port 53835 connected to 192.168.56.102 port 5201
[ ID] Interval           Transfer     Bitrate         Total Datagrams
[  5]   0.00-1.00   sec   123 KBytes  1.01 Mbits/sec  87  
[  7]   0.00-1.00   sec   123 KBytes  1.01 Mbits/sec  87  
[SUM]   0.00-1.00   sec   246 KBytes  2.02 Mbits/sec  174  
- - - - - - - - - - - - - - - - - - - - - - - - -
[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams
[  5]   0.00-1.00   sec   123 KBytes  1.01 Mbits/sec  0.000 ms  0/87 (0%)  sender
[  5]   0.00-1.00   sec   123 KBytes  1.01 Mbits/sec  0.122 ms  0/87 (0%)  receiver
[  7]   0.00-1.00   sec   123 KBytes  1.01 Mbits/sec  0.000 ms  0/87 (0%)  sender
[  7]   0.00-1.00   sec   123 KBytes  1.01 Mbits/sec  0.112 ms  0/87 (0%)  receiver
[SUM]   0.00-1.00   sec   246 KBytes  2.02 Mbits/sec  0.000 ms  0/174 (0%)  sender
[SUM]   0.00-1.00   sec   246 KBytes  2.01 Mbits/sec  0.117 ms  0/174 (0%)  receiver

iperf Done.
`,
  ],
];

const SERVED = `-----------------------------------------------------------
Server listening on 5202 (test #1)
-----------------------------------------------------------
Accepted connection from 192.168.56.101, port 45372
[  5] local 192.168.56.102 port 5202 connected to 192.168.56.101 port 33519
[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams
[  5]   0.00-1.00   sec   608 KBytes  4.98 Mbits/sec  0.486 ms  0/430 (0%)  
- - - - - - - - - - - - - - - - - - - - - - - - -
[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams
[  5]   0.00-2.01   sec  1.19 MBytes  4.98 Mbits/sec  0.025 ms  0/863 (0%)  receiver
`;

describe("iperf3 between two hosts", () => {
  let client: Machine;
  let server: Machine;

  beforeAll(async () => {
    const lab = Lab.preset("vxlan", { docker: "20.10", seed: 7 });
    client = lab.machines["host-a"]!;
    server = lab.machines["host-b"]!;
    expect((await server.script("iperf3 -s -D")).status).toBe(0);
  });

  it.each(RECORDED)("%s prints what the real one prints", async (options, recorded) => {
    const { stdout, stderr, status } = await client.script(`iperf3 -c 192.168.56.102 ${options}`);
    expect([stderr, status]).toEqual(["", 0]);
    expect(masked(stdout)).toBe(masked(recorded));
  });

  it("prints the server's side, and ends after one test with -1", async () => {
    const job = server.start("iperf3", "-s", "-1", "-p", "5202");
    await client.script("iperf3 -c 192.168.56.102 -p 5202 -u -b 5M -t 1");
    expect(masked(`${job.text}\n`)).toBe(masked(SERVED));
    const again = await client.script("iperf3 -c 192.168.56.102 -p 5202 -n 1K");
    expect(again.stderr).toBe("iperf3: error - unable to connect to server: Connection refused\n");
  });

  it("sends as fast as the rate says, in segments as small as -M says", async () => {
    const { stdout } = await client.script("iperf3 -c 192.168.56.102 -b 10M -t 1 -M 500");
    expect(stdout).toMatch(/1\.2\d MBytes {2}10\.\d Mbits\/sec/);
    const { stderr } = await client.script("iperf3 -c 192.168.56.102 -t 1 -J");
    expect(stderr).toContain("iperf3: option --json is not supported here");
  });
});

describe("iperf3's numbers", () => {
  it.each([
    [0, "A", "0.00 Bytes"],
    [1024, "A", "1.00 KBytes"],
    [101 * 1024, "A", " 101 KBytes"],
    [1.99e9, "a", "15.9 Gbits"],
    [125, "a", "1.00 Kbits"],
    [492691456, "K", "481144 KBytes"],
    [362500000, "m", "2900 Mbits"],
  ])("%d bytes in %s are %s", (bytes, unit, text) => expect(printUnits(bytes, unit)).toBe(text));

  it.each([
    [0, "0"],
    [0.0507, "0.051"],
    [12.4, "12"],
    [100, "1e+02"],
    [0.00001, "1e-05"],
  ])("%d is %s", (value, text) => expect(printTwoDigits(value)).toBe(text));
});
