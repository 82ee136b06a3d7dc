import { expect, test } from "vitest";
import { parseIpv4 } from "../../kernel-lib/src/base/addresses.js";
import { Host } from "../../kernel-lib/src/host/host.js";
import { addAddress } from "../../kernel-lib/src/stack/config/address.js";
import { createLink, setLink } from "../../kernel-lib/src/stack/config/link.js";
import { addRoute } from "../../kernel-lib/src/stack/config/route.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { Recorder } from "../../kernel-lib/src/trace/recorder.js";
import { World } from "../../kernel-lib/src/trace/world.js";

/** client 10.0.1.2 – router 10.0.1.1/10.0.2.1 – server 10.0.2.2: the router is the machine, the others are namespaces of it. */
function triangle() {
  const world = new World(3);
  const host = new Host(world, "router", { programs: MACHINE_PROGRAMS });
  const run = (line: string) => {
    const result = host.run(line.split(" "));
    if (result.status !== 0) throw new Error(`${line}: ${result.stderr}`);
    return result.stdout;
  };
  const ends = ["1", "2"].map((side) => {
    const netns = host.createNetns(side === "1" ? "client" : "server");
    const outer = createLink(host.rootNetns, {
      kind: "veth",
      name: `eth${side}`,
      peer: { name: "eth0", netns },
    });
    setLink(host.rootNetns, outer, { up: true });
    addAddress(host.rootNetns, outer, { address: parseIpv4(`10.0.${side}.1`), prefix: 24 });
    addAddress(netns, outer.link!, { address: parseIpv4(`10.0.${side}.2`), prefix: 24 });
    setLink(netns, outer.link!, { up: true });
    host.holdNetns(netns);
    netns.label = side === "1" ? "client" : "server";
    addRoute(netns, {
      destination: { address: 0, prefix: 0 },
      gateway: parseIpv4(`10.0.${side}.1`),
      device: outer.link!,
    });
    return netns;
  });
  run("sysctl -w net.ipv4.ip_forward=1");
  return { world, host, run, client: ends[0]!, server: ends[1]! };
}

test("DNAT and MASQUERADE: the server sees the router, the client the address that it asked; conntrack knows both", () => {
  const { world, host, run, client, server } = triangle();
  run("iptables -t nat -A PREROUTING -i eth1 -p udp --dport 53 -j DNAT --to-destination 10.0.2.2:5353");
  run("iptables -t nat -A POSTROUTING -o eth2 -j MASQUERADE");
  const listener = server.udp.socket();
  listener.bind(0, 5353);
  const sender = client.udp.socket();
  sender.connect(parseIpv4("10.0.1.1"), 53);
  sender.sendTo(new Uint8Array([1, 2, 3]));
  world.scheduler.runFor(1e9);
  const got = listener.receive()!;
  expect(got.source).toBe(parseIpv4("10.0.2.1"));
  expect([...got.bytes]).toEqual([1, 2, 3]);
  listener.sendTo(new Uint8Array([9]), got.source, got.sourcePort);
  world.scheduler.runFor(1e9);
  const answer = sender.receive()!;
  expect([answer.source, answer.sourcePort, [...answer.bytes]]).toEqual([parseIpv4("10.0.1.1"), 53, [9]]);
  const line = host.run(["conntrack", "-L"]).stdout;
  expect(line).toMatch(
    /^udp {6}17 \d+ src=10\.0\.1\.2 dst=10\.0\.1\.1 sport=(\d+) dport=53 src=10\.0\.2\.2 dst=10\.0\.2\.1 sport=5353 dport=\1 mark=0 use=1\n$/,
  );
});

test("two senders with one port behind MASQUERADE get ports of their own", () => {
  const { world, host, run, client, server } = triangle();
  run("iptables -t nat -A POSTROUTING -o eth2 -j MASQUERADE");
  const listener = server.udp.socket();
  listener.bind(0, 7000);
  const first = client.udp.socket();
  first.bind(0, 4000);
  first.sendTo(new Uint8Array([1]), parseIpv4("10.0.2.2"), 7000);
  const second = host.rootNetns.udp.socket();
  second.bind(0, 4000);
  world.scheduler.runFor(1e8);
  second.sendTo(new Uint8Array([2]), parseIpv4("10.0.2.2"), 7000);
  world.scheduler.runFor(1e8);
  const ports = [listener.receive()!.sourcePort, listener.receive()!.sourcePort];
  expect(ports[0]).toBe(4000);
  expect(ports[1]).not.toBe(4000);
});

test("an ICMP error comes back translated to who asked, as RELATED", () => {
  const { world, host, run, client } = triangle();
  run("iptables -t nat -A POSTROUTING -o eth2 -j MASQUERADE");
  run("iptables -A FORWARD -m conntrack --ctstate RELATED -j ACCEPT");
  const sender = client.udp.socket();
  sender.connect(parseIpv4("10.0.2.2"), 9);
  sender.sendTo(new Uint8Array([1]));
  world.scheduler.runFor(1e9);
  expect(sender.takeError()).toBe("ECONNREFUSED");
  expect(host.run(["iptables", "-nvxL", "FORWARD"]).stdout).toMatch(/^ +1 +57 ACCEPT .*RELATED$/m);
});

test("REJECT answers, and the trace says which rule it was and what failed in the one before", () => {
  const { world, run, client } = triangle();
  run("iptables -A FORWARD -i eth2 -j ACCEPT");
  run("iptables -A FORWARD -p udp --dport 9 -j REJECT");
  const sender = client.udp.socket();
  sender.connect(parseIpv4("10.0.2.2"), 9);
  world.recorder = new Recorder();
  sender.sendTo(new Uint8Array([1]));
  world.scheduler.runFor(1e9);
  expect(sender.takeError()).toBe("ECONNREFUSED");
  const hook = world.recorder.events.find((event) => event.kind === "hook" && event.hook === "FORWARD");
  expect(hook).toMatchObject({
    verdict: "drop",
    steps: [
      {
        table: "filter",
        chain: "FORWARD",
        rule: 1,
        text: "-i eth2 -j ACCEPT",
        matched: false,
        failed: "-i eth2",
      },
      {
        rule: 2,
        text: "-p udp -m udp --dport 9 -j REJECT --reject-with icmp-port-unreachable",
        matched: true,
      },
    ],
  });
});

test("LOG writes the kernel's line", () => {
  const { world, host, run, client } = triangle();
  run("iptables -A FORWARD -j LOG --log-prefix fwd:");
  const sender = client.udp.socket();
  sender.bind(0, 4000);
  sender.sendTo(new Uint8Array([1]), parseIpv4("10.0.2.2"), 9);
  world.scheduler.runFor(1e9);
  const lines = host.kernelLog.lines.map(({ text }) => text);
  expect(lines[0]).toMatch(
    /^fwd:IN=eth1 OUT=eth2 MAC=([0-9a-f]{2}:){12}08:00 SRC=10\.0\.1\.2 DST=10\.0\.2\.2 LEN=29 TOS=0x00 PREC=0x00 TTL=63 ID=\d+ (DF )?PROTO=UDP SPT=4000 DPT=9 LEN=9 $/,
  );
});

test("TCP from client to server through DNAT is followed to its end", () => {
  const { world, host, run, client, server } = triangle();
  run("iptables -t nat -A PREROUTING -i eth1 -p tcp --dport 80 -j DNAT --to-destination 10.0.2.2:8080");
  const listener = server.tcp.socket();
  listener.bind(0, 8080);
  listener.listen(5);
  const socket = client.tcp.socket();
  socket.connect(parseIpv4("10.0.1.1"), 80);
  world.scheduler.runFor(1e9);
  const state = () =>
    /^tcp {6}6 (\d+) (\w+).*?(\[ASSURED\] )?mark/.exec(host.run(["conntrack", "-L"]).stdout)?.slice(1);
  expect(state()).toEqual(["431999", "ESTABLISHED", "[ASSURED] "]);
  const accepted = listener.accept()!;
  socket.close();
  world.scheduler.runFor(1e8);
  accepted.close();
  world.scheduler.runFor(1e9);
  expect(state()?.[1]).toBe("TIME_WAIT");
});
