import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatMac, parseIpv4 } from "../../kernel-lib/src/base/addresses.js";
import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import type { EchoOptions } from "../../kernel-lib/src/socket/icmp.js";
import { addRoute } from "../../kernel-lib/src/stack/config/route.js";
import { bridgedHost, eth0 } from "./topology.js";
import { watch } from "./watch.js";

/** A neighbour that is asked by unicast whether it is still there: when this happens hangs on the kernel's timer wheel. */
function isProbe(line: string): boolean {
  return /> 02:42:ac:11:00:02 ARP who-has 172.17.0.2 |ARP reply 172.17.0.2 /.test(line);
}

test("the frames of a container are those of a real kernel for the same ten pings and one datagram (recorded/exchange.sh)", () => {
  const recorded = readFileSync(new URL("recorded/exchange-linux-6.18.txt", import.meta.url), "utf8")
    .trim()
    .split("\n");
  const { world, host, bridge, containers } = bridgedHost(2);
  const first = containers[0]!;
  host.sysctls.set("net.ipv4.ip_forward", "1");
  for (const [network, type] of [
    ["10.3.0.0", "unreachable"],
    ["10.4.0.0", "prohibit"],
    ["10.5.0.0", "blackhole"],
  ] as const) {
    addRoute(host, { destination: { address: parseIpv4(network), prefix: 16 }, type });
  }
  const seen = watch(eth0(first));
  const ping = (to: string, wait: number, options: EchoOptions = {}, size = 56) => {
    const socket = first.icmp.socket();
    socket.send(parseIpv4(to), 1, new Uint8Array(size), options);
    world.scheduler.runFor(wait);
    socket.close();
  };
  ping("172.17.0.3", ms(6));
  ping("172.17.0.3", ms(4), { tos: 0x10 });
  ping("172.17.0.3", ms(6), {}, 3000);
  ping("172.17.0.1", ms(8));
  ping("10.2.0.1", ms(16), { ttl: 1 });
  ping("10.2.0.1", ms(9));
  ping("10.3.0.1", ms(1003));
  ping("10.4.0.1", ms(1004));
  ping("10.5.0.1", ms(1003));
  ping("172.17.0.9", ms(3084));
  const socket = first.udp.socket();
  socket.connect(parseIpv4("172.17.0.3"), 5001);
  socket.sendTo(new Uint8Array(3));
  world.scheduler.runFor(seconds(0.1));
  const lines = seen.lines.map((line) =>
    line.replace(/^(in|out) /, "").replaceAll(formatMac(bridge.mac), "BRIDGE"),
  );
  expect(lines.filter((line) => !isProbe(line))).toEqual(recorded.filter((line) => !isProbe(line)));
  expect(lines.filter(isProbe).sort()).toEqual(recorded.filter(isProbe).sort());
});
