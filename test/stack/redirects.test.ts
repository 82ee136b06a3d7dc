import { describe, expect, test } from "vitest";
import { parseCidr, parseIpv4 } from "../../kernel-lib/src/base/addresses.js";
import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import { addRoute, lookupRoute } from "../../kernel-lib/src/stack/config/route.js";
import { checksum } from "../../kernel-lib/src/wire/checksum.js";
import { bytes } from "./frames.js";
import { bridgedHost, eth0 } from "./topology.js";
import { watch } from "./watch.js";

const FAR = parseIpv4("10.6.0.1");
const SECOND = parseIpv4("172.17.0.3");

/** The host routes 10.6.0.0/16 by the second container; the first one sends there by the host, its default gateway. */
function detour() {
  const topology = bridgedHost(2);
  const { host, bridge, world, containers } = topology;
  const first = containers[0]!;
  host.sysctls.set("net.ipv4.ip_forward", "1");
  addRoute(host, { destination: parseCidr("10.6.0.0/16"), gateway: SECOND, device: bridge });
  const seen = watch(eth0(first));
  const socket = first.icmp.socket(1);
  const ping = () => {
    socket.send(FAR, 1, new Uint8Array(8));
    world.scheduler.runFor(seconds(2));
  };
  const redirects = () =>
    seen.lines.filter((line) => /^in .*IPv4 172.17.0.1 > 172.17.0.2 proto 1 tos 0xc0/.test(line));
  const gateway = () => lookupRoute(first, { destination: FAR }).gateway;
  return { ...topology, first, ping, redirects, gateway };
}

describe("ICMP redirects", () => {
  test("a router sends one when a packet goes back by where it came; the host asks for the new gateway, then uses it for 300 s", () => {
    const { world, ping, redirects, gateway } = detour();
    ping();
    expect([redirects().length, gateway()]).toEqual([1, parseIpv4("172.17.0.1")]);
    world.scheduler.runFor(seconds(2));
    ping();
    expect([redirects().length, gateway()]).toEqual([2, SECOND]);
    ping();
    expect(redirects()).toHaveLength(2);
    world.scheduler.runFor(seconds(300));
    expect(gateway()).toBe(parseIpv4("172.17.0.1"));
  });

  test.each([
    ["send_redirects is off", "host", ["all.send_redirects", "docker0.send_redirects"], 0],
    ["accept_redirects is off", "first", ["all.accept_redirects", "eth0.accept_redirects"], 2],
  ] as const)("none where %s", (_name, where, names, sent) => {
    const { world, host, first, ping, redirects, gateway } = detour();
    for (const name of names) (where === "host" ? host : first).sysctls.set(`net.ipv4.conf.${name}`, "0");
    ping();
    world.scheduler.runFor(seconds(2));
    ping();
    expect([redirects().length, gateway()]).toEqual([sent, parseIpv4("172.17.0.1")]);
  });
});

test("a timestamp request is answered with the time of day in milliseconds", () => {
  const { world, bridge, containers } = bridgedHost(2);
  world.scheduler.runFor(ms(7));
  const sent = bytes(
    "0242ac110002 0242ac110003 0800 4500 0028 1234 0000 4001 0000 ac110003 ac110002 0d00 0000 0001 0002 00000005 00000000 00000000",
  );
  for (const [at, from, to] of [
    [24, 14, 34],
    [36, 34, 54],
  ] as const) {
    const sum = checksum(sent, from, to);
    sent[at] = sum >>> 8;
    sent[at + 1] = sum & 255;
  }
  const replies: Uint8Array[] = [];
  bridge.ports[0]!.device.addTap((_device, packet, direction) => {
    const frame = packet.copyBytes();
    if (direction === "in" && frame[12] === 8 && frame[13] === 0) replies.push(frame.slice(34));
  });
  eth0(containers[1]!).transmit(world.packets.from(sent));
  world.scheduler.runFor(ms(3));
  expect(replies).toHaveLength(1);
  const view = new DataView(replies[0]!.buffer, replies[0]!.byteOffset);
  const time = (3 * 3600 + 12 * 60) * 1000 + 7;
  expect([
    view.getUint8(0),
    view.getUint16(6),
    view.getUint32(8),
    view.getUint32(12),
    view.getUint32(16),
  ]).toEqual([14, 2, 5, time, time]);
  expect(checksum(replies[0]!, 0, 20)).toBe(0);
});
