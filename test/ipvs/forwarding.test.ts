import { expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";

/**
 * docker01 balances a virtual address over two servers behind a bridge, each a namespace with a web server; the client is two hops away. As in a swarm's
 * ingress: a mark chooses the service, and what goes to a server gets docker01's own address there.
 */
async function cluster(scheduler = "rr", method = "-m", conntrack = 1) {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01, client } = lab.machines;
  const succeed = async (machine: Machine, line: string) => {
    const { status, stderr } = await machine.script(line);
    if (status !== 0) throw new Error(`${line}: ${stderr}`);
  };
  await succeed(
    docker01,
    `docker run -d --name one test-image; docker run -d --name two test-image
     ip addr add 192.168.56.200/32 dev enX0; modprobe ip_vs; ipvsadm -C; sysctl -w net.ipv4.vs.conntrack=${conntrack}
     ipvsadm -A -t 192.168.56.200:80 -s ${scheduler}
     ipvsadm -a -t 192.168.56.200:80 -r 172.17.0.2:5000 ${method}; ipvsadm -a -t 192.168.56.200:80 -r 172.17.0.3:5000 ${method}`,
  );
  return { lab, docker01, client };
}

const CURL = "curl -s -m 3 http://192.168.56.200/";

async function names(machine: Machine, line: string): Promise<string> {
  return (await machine.script(line)).stdout.trimEnd();
}

test("round robin alternates, counts, and shows the connections that are over", async () => {
  const { docker01, client } = await cluster();
  const answers = (await names(client, `for i in 1 2 3 4; do ${CURL}; done`)).split("\n");
  expect(new Set(answers).size).toBe(2);
  expect(answers[0]).toBe(answers[2]);
  expect(answers[1]).toBe(answers[3]);
  expect(await names(docker01, "ipvsadm -Ln | tail -n 2")).toMatch(
    /^ {2}-> 172\.17\.0\.2:5000 {14}Masq {4}1 {6}0 {10}2 +\n {2}-> 172\.17\.0\.3:5000 {14}Masq {4}1 {6}0 {10}2 *$/,
  );
  const stats = await names(docker01, "ipvsadm -Ln --stats | grep TCP");
  expect(stats.split(/ +/).slice(2, 5)).toEqual(["4", "28", "20"]);
  const lines = (await names(docker01, "ipvsadm -Lnc | tail -n +3")).split("\n");
  expect(lines).toHaveLength(4);
  for (const line of lines)
    expect(line).toMatch(
      /^TCP 01:5\d {2}(TIME_WAIT|FIN_WAIT) +203\.0\.113\.9:\d+ +192\.168\.56\.200:80 +172\.17\.0\.[23]:5000$/,
    );
  await docker01.script("sleep 121");
  expect(await names(docker01, "ipvsadm -Lnc | wc -l")).toBe("2");
  expect(await names(docker01, "ipvsadm -Ln | tail -n 1")).toMatch(/Masq {4}1 {6}0 {10}0 *$/);
});

test("the path: INPUT, then IPVS, OUTPUT and POSTROUTING; the reply by FORWARD", async () => {
  const { lab, client } = await cluster();
  const trace = await lab.trace(() => names(client, CURL));
  const hooks = (summary: string) =>
    trace
      .first(summary)
      .events.flatMap((event) =>
        event.kind === "hook" && event.netns === "docker01" ? [`${event.hook} ${event.verdict}`] : [],
      );
  expect(hooks("TCP SYN 203.0.113.9")).toEqual([
    "PREROUTING accept",
    "INPUT stolen",
    "OUTPUT accept",
    "POSTROUTING accept",
  ]);
  expect(hooks("TCP SYN,ACK")).toEqual(["PREROUTING accept", "FORWARD accept", "POSTROUTING accept"]);
  const told = trace
    .first("TCP SYN 203.0.113.9")
    .events.flatMap((event) => (event.kind === "hook" ? event.steps : []))
    .filter(({ table }) => table === "ipvs");
  expect(told.map(({ text }) => text)).toEqual(["TCP 192.168.56.200:80 rr: 172.17.0.3:5000 by masq"]);
});

test("a mark chooses the service, SNAT hides the client, and -m ipvs finds what was balanced", async () => {
  const { docker01, client } = await cluster();
  await docker01.sh`ipvsadm -C; ipvsadm -A -f 256 -s rr; ipvsadm -a -f 256 -r 172.17.0.2:0 -m
    iptables -t mangle -A PREROUTING -d 192.168.56.200 -p tcp --dport 5000 -j MARK --set-mark 256
    iptables -t nat -A POSTROUTING -m ipvs --vaddr 192.168.56.200/32 --vport 5000 -j SNAT --to-source 172.17.0.1
    iptables -t mangle -A POSTROUTING -m ipvs --ipvs
    iptables -t mangle -A POSTROUTING -m ipvs ! --ipvs`;
  await docker01.script(
    "docker exec -d one true; nsenter -t $(docker inspect -f '{{.State.Pid}}' one) -n tcpdump -c 1 -nni eth0 tcp > /tmp/seen 2>/dev/null &",
  );
  expect(await names(client, "curl -s -m 3 http://192.168.56.200:5000/")).toContain("Hello from");
  await docker01.script("wait");
  expect(docker01.read("/tmp/seen")).toMatch(/IP 172\.17\.0\.1\.\d+ > 172\.17\.0\.2\.5000: Flags \[S\]/);
  const counted = await names(docker01, "iptables -t mangle -nvL POSTROUTING | grep 'ipvs$'");
  expect(counted.split("\n").map((line) => Number(line.trim().split(/ +/)[0]) > 0)).toEqual([true, false]);
});

test("a trace tells the rule that set the mark, the server that was chosen, what changed, and the commands behind them", async () => {
  const { lab, docker01, client } = await cluster();
  await docker01.sh`ipvsadm -C; ipvsadm -A -f 256 -s rr; ipvsadm -a -f 256 -r 172.17.0.2:0 -m
    iptables -t mangle -A PREROUTING -d 192.168.56.200 -p tcp --dport 5000 -j MARK --set-mark 256`;
  const trace = await lab.trace(() => names(client, "curl -s -m 3 http://192.168.56.200:5000/"));
  const rows = (summary: string) =>
    trace
      .first(summary)
      .hops.filter(({ event, netns }) => event.kind === "hook" && netns === "docker01")
      .map(({ stage, text, because }) => [stage, ...text.replaceAll(/:\d{5}\b/g, ":P").split("\n"), because]);
  expect(rows("TCP SYN 203").slice(0, 2)).toEqual([
    [
      "PREROUTING",
      "accept (NEW): mangle PREROUTING 1: -d 192.168.56.200/32 -p tcp -m tcp --dport 5000 -j MARK --set-xmark 0x100/0xffffffff",
      "mark 0x0 → 0x100",
      "iptables -t mangle -A PREROUTING -d 192.168.56.200 -p tcp --dport 5000 -j MARK --set-mark 256",
    ],
    [
      "INPUT",
      "taken (NEW): IPVS FWM 256 rr: 172.17.0.2:5000 by masq",
      "destination 192.168.56.200:5000 → 172.17.0.2:5000",
      "TTL 63 → 62",
      "ipvsadm -a -f 256 -r 172.17.0.2:0 -m",
    ],
  ]);
  const [, forward] = rows("TCP SYN,ACK");
  expect(forward!.slice(1)).toEqual([
    expect.stringMatching(/^accept \(ESTABLISHED, reply\): .*; IPVS FWM 256 rr: 172\.17\.0\.2:5000 by masq$/),
    "source 172.17.0.2:5000 → 192.168.56.200:5000",
    expect.stringContaining("ipvsadm -a -f 256 -r 172.17.0.2:0 -m"),
  ]);
});

test("without conntrack, netfilter loses sight of a connection at the balancer", async () => {
  const { docker01, client } = await cluster("rr", "-m", 0);
  await docker01.sh`conntrack -F; iptables -t nat -A POSTROUTING -d 172.17.0.0/16 -j MASQUERADE`;
  expect(await names(client, CURL)).toContain("Hello from");
  expect((await docker01.script("conntrack -L -p tcp 2>/dev/null")).stdout).not.toContain("src=172.17.0.");
  expect(await names(docker01, "iptables -t nat -nvL POSTROUTING | tail -n 1")).toMatch(/^ *0 /);
});

test("weight 0 gets no new connections; with no server the client is refused", async () => {
  const { docker01, client } = await cluster();
  await docker01.sh`ipvsadm -e -t 192.168.56.200:80 -r 172.17.0.2:5000 -m -w 0`;
  const answers = (await names(client, `for i in 1 2 3; do ${CURL}; done`)).split("\n");
  expect(new Set(answers).size).toBe(1);
  await docker01.sh`ipvsadm -e -t 192.168.56.200:80 -r 172.17.0.3:5000 -m -w 0`;
  expect((await client.script(`${CURL}; echo $?`)).stdout).toBe("7\n");
});

test("a persistent client keeps its server, and its template outlives its connections", async () => {
  const { docker01, client } = await cluster();
  await docker01.sh`ipvsadm -E -t 192.168.56.200:80 -s rr -p 100`;
  const answers = (await names(client, `for i in 1 2 3; do ${CURL}; done`)).split("\n");
  expect(new Set(answers).size).toBe(1);
  expect(await names(docker01, "ipvsadm -Lnc | grep -c ' 203.0.113.9:0 '")).toBe("1");
  expect(
    await names(docker01, "ipvsadm -Ln --persistent-conn | grep -c ' 1         1           0          3'"),
  ).toBe("1");
  expect(await names(docker01, "ipvsadm -Sn | head -n 1")).toBe("-A -t 192.168.56.200:80 -s rr -p 100");
});

test("direct routing sends the packet as it is to the server's MAC; a tunnel wraps it", async () => {
  for (const [method, expected] of [
    ["-g", /IP 203\.0\.113\.9\.\d+ > 192\.168\.56\.200\.80: Flags \[S\]/],
    ["-i", /IP 172\.17\.0\.1 > 172\.17\.0\.3: IP 203\.0\.113\.9\.\d+ > 192\.168\.56\.200\.80: Flags \[S\]/],
  ] as const) {
    const { docker01, client } = await cluster("rr", method);
    await docker01.script("tcpdump -c 1 -nni docker0 'ip and not icmp' > /tmp/seen 2>/dev/null &");
    await client.script("curl -s -m 1 http://192.168.56.200/");
    await docker01.script('kill -INT "$!"; wait');
    expect(docker01.read("/tmp/seen")).toMatch(expected);
  }
});

test("a server's ICMP error reaches the client in the virtual address's name", async () => {
  const { docker01, client } = await cluster();
  await docker01.sh`ipvsadm -A -u 192.168.56.200:53 -s rr; ipvsadm -a -u 192.168.56.200:53 -r 172.17.0.2:53 -m`;
  await client.script("tcpdump -nni eth0 icmp > /tmp/seen 2>/dev/null &");
  await client.script("echo x | nc -u -w 1 192.168.56.200 53");
  await client.script('kill -INT "$!"; wait');
  expect(client.read("/tmp/seen")).toContain(
    "IP 192.168.56.200 > 203.0.113.9: ICMP 192.168.56.200 udp port 53 unreachable",
  );
});

test("a server that is deleted and added again has its old connections", async () => {
  const { docker01, client } = await cluster();
  await client.script(CURL);
  const server = "-t 192.168.56.200:80 -r 172.17.0.3:5000";
  await docker01.script(`ipvsadm -d ${server}; ipvsadm -a ${server} -m -w 7`);
  expect(await names(docker01, "ipvsadm -Ln | tail -n 1")).toMatch(
    /172\.17\.0\.3:5000 +Masq {4}7 {6}0 {10}1 *$/,
  );
  expect(await names(docker01, "ipvsadm -Ln --stats | tail -n 1")).toMatch(/172\.17\.0\.3:5000( +0){5}$/);
});

test("/proc/net has the services and connections in hexadecimal, once IPVS is loaded", async () => {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  expect((await lab.machines.docker01.script("cat /proc/net/ip_vs")).status).toBe(1);
  const { docker01, client } = await cluster("wlc");
  await docker01.script("ipvsadm -A -f 256 -s rr; ipvsadm -a -f 256 -r 10.0.0.4:0 -m -w 0");
  await client.script(CURL);
  expect(
    (await docker01.script("cat /proc/net/ip_vs")).stdout,
  ).toBe(`IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C0A838C8:0050 wlc  
  -> AC110003:1388      Masq    1      0          1         
  -> AC110002:1388      Masq    1      0          0         
FWM  00000100 rr 
  -> 0A000004:0000      Masq    0      0          0         
`);
  expect((await docker01.script("cat /proc/net/ip_vs_conn")).stdout.split("\n")[1]).toMatch(
    /^TCP CB007109 [0-9A-F]{4} C0A838C8 0050 AC110003 1388 TIME_WAIT {7}11\d$/,
  );
  expect((await docker01.script("cat /proc/net/ip_vs_stats")).stdout.split("\n")[2]).toMatch(
    /^ {7}1 {8}7 {8}5 {14}1[0-9A-F]{2} {14}[12][0-9A-F]{2}$/,
  );
});
