import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import { BridgedMachine } from "./bridged.js";

const RECORDED = new URL(
  "../oracle/single-host/03-container-to-container/http-tx-offload-off-curl-container-eth0.tcpdump.txt",
  import.meta.url,
);

/** The TCP frames of a capture (`tcpdump -n -e -v`), numbers that differ each time counted from where each side began. */
function frames(text: string): string[] {
  const firstIds = new Map<string, number>();
  const joined = text.replace(/\n {4}(?=\d)/g, " ");
  return joined
    .split("\n")
    .filter((line) => line.includes("proto TCP"))
    .map((line) =>
      line
        .replace(/^\d\d:\d\d:\d\d\.\d+ /, "")
        .replace(/172\.17\.0\.2\.\d+/, "172.17.0.2.PORT")
        .replace(/ id (\d+)/, (_, id: string) => {
          const who = line.includes("02:42:ac:11:00:02 > ") ? "c1" : "c2";
          if (id === "0") return " id 0";
          if (!firstIds.has(who)) firstIds.set(who, Number(id));
          return ` id +${(Number(id) - firstIds.get(who)! + 65536) % 65536}`;
        })
        .replace(/cksum 0x[0-9a-f]+/, "cksum X")
        .replace(/(Flags \[S\.?\].* seq )\d+/, "$1N")
        .replace(/(Flags \[S\.\].* ack )\d+/, "$1N")
        .replace(/TS val \d+ ecr (\d+)/, (_, echo: string) => `TS val N ecr ${echo === "0" ? "0" : "N"}`),
    );
}

test("one curl over the bridge is frame by frame what Linux sent: MACs, IP ids, DF, lengths, flags, windows, options", () => {
  const lab = new BridgedMachine();
  const before = lab.start("c1", "tcpdump -l -n -i eth0 arp");
  expect(lab.run("curl -s 172.17.0.3:5000", "c1").stdout).toBe("Hello from 4f70e6ba45ea\n");
  lab.world.scheduler.runFor(seconds(0.5));
  expect(before.written.replace(/^\S+ /gm, "").split("\n")).toEqual([
    "ARP, Request who-has 172.17.0.3 tell 172.17.0.2, length 28",
    "ARP, Reply 172.17.0.3 is-at 02:42:ac:11:00:03, length 28",
    "",
  ]);
  const capture = lab.start("c1", "tcpdump -l -n -e -vv -i eth0 tcp");
  lab.run("curl -s 172.17.0.3:5000", "c1");
  lab.world.scheduler.runFor(seconds(1));
  expect(frames(capture.written)).toEqual(frames(readFileSync(RECORDED, "utf8")));
});

test("the end that closed first is in TIME-WAIT for a minute", () => {
  const lab = new BridgedMachine();
  lab.run("curl -s 172.17.0.3:5000", "c1");
  lab.world.scheduler.runFor(seconds(1));
  expect(lab.run("ss -tanH", "c1").stdout).toMatch(
    /^TIME-WAIT +0 +0 +172\.17\.0\.2:\d+ +172\.17\.0\.3:5000 *\n$/,
  );
  lab.world.scheduler.runFor(seconds(60));
  expect(lab.run("ss -tanH", "c1").stdout).toBe("");
});

test("a closed port refuses, an address that nobody has is given up after three seconds", () => {
  const lab = new BridgedMachine();
  const refused = lab.run("curl -sS 172.17.0.3:81", "c1");
  expect(refused).toMatchObject({ status: 7, stdout: "" });
  expect(refused.stderr).toBe(
    "curl: (7) Failed to connect to 172.17.0.3 port 81 after 0 ms: Couldn't connect to server\n",
  );
  const { now } = lab.world.scheduler;
  const nobody = lab.run("curl -sSv 172.17.0.9", "c1");
  expect(nobody.status).toBe(7);
  expect(nobody.stderr).toContain("* connect to 172.17.0.9 port 80 failed: No route to host\n");
  expect((lab.world.scheduler.now - now) / 1e9).toBeCloseTo(3, 2);
});

test("a narrower way in between lowers the segment size, and the transfer completes", () => {
  const lab = new BridgedMachine();
  lab.run("sysctl -q -w net.ipv4.ip_forward=1");
  lab.run("ip netns add c3");
  lab.run("ip link add v-c3 mtu 1000 type veth peer name eth0 mtu 1000 netns c3");
  lab.run("ip address add 10.9.0.1/24 dev v-c3");
  lab.run("ip link set v-c3 up");
  lab.run("ip -n c3 address add 10.9.0.2/24 dev eth0");
  lab.run("ip -n c3 link set eth0 up");
  lab.run("ip -n c3 link set eth0 mtu 1500");
  lab.run("ip -n c3 route add default via 10.9.0.1");
  const listener = lab.netns("c3").tcp.socket();
  listener.bind(0, 7000);
  listener.listen(5);
  const sender = lab.netns("c1").tcp.socket();
  sender.connect(0x0a090002, 7000);
  lab.world.scheduler.runFor(seconds(1));
  const capture = lab.start("c1", "tcpdump -l -n -i eth0 icmp");
  const receiver = listener.accept()!;
  let sent = 0;
  let got = 0;
  for (let i = 0; i < 100 && got < 100_000; i++) {
    sent += sender.send(new Uint8Array(100_000 - sent));
    lab.world.scheduler.runFor(seconds(0.1));
    for (let bytes = receiver.receive(); bytes !== null; bytes = receiver.receive()) got += bytes.length;
  }
  expect(got).toBe(100_000);
  expect(capture.written).toContain(
    "IP 172.17.0.1 > 172.17.0.2: ICMP 10.9.0.2 unreachable - need to frag (mtu 1000), length 556",
  );
  expect(lab.netns("c1").pathMtu(0x0a090002)).toBe(1000);
});

test("an end that vanished while the other slept: the next segment is answered with a reset (half-open)", () => {
  const lab = new BridgedMachine();
  const listener = lab.netns("c2").tcp.socket();
  listener.bind(0, 7000);
  listener.listen(5);
  const client = lab.netns("c1").tcp.socket();
  client.connect(0xac110003, 7000);
  lab.world.scheduler.runFor(seconds(1));
  expect(client.state).toBe("ESTABLISHED");
  for (const connection of [...lab.netns("c2").tcp.connections])
    if (connection.local.port === 7000) connection.finish(null);
  listener.close();
  client.send(new Uint8Array(10));
  lab.world.scheduler.runFor(seconds(1));
  expect(client.error).toBe("ECONNRESET");
});

test("two labs interleaved are as each alone", () => {
  const alone = (seed: number): string => {
    const lab = new BridgedMachine(seed);
    const capture = lab.start("c1", "tcpdump -l -n -e -v -i eth0");
    for (let i = 0; i < 3; i++) lab.run("curl -s 172.17.0.3:5000", "c1");
    return capture.written;
  };
  const labs = [new BridgedMachine(1), new BridgedMachine(2)];
  const captures = labs.map((lab) => lab.start("c1", "tcpdump -l -n -e -v -i eth0"));
  for (let i = 0; i < 3; i++) for (const lab of labs) lab.run("curl -s 172.17.0.3:5000", "c1");
  expect(captures.map(({ written }) => written)).toEqual([alone(1), alone(2)]);
});
