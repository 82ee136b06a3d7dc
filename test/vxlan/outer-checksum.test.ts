import { describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { addBytes, finish, pseudoHeaderSum } from "../../kernel-lib/src/wire/checksum.js";
import { ETHERNET_LENGTH } from "../../kernel-lib/src/wire/ethernet.js";
import { IPPROTO_UDP, IPV4_LENGTH, ipv4 } from "../../kernel-lib/src/wire/ipv4.js";
import { UDP_LENGTH, udp } from "../../kernel-lib/src/wire/udp.js";
import { VXLAN_LENGTH } from "../../kernel-lib/src/wire/vxlan.js";

const ENVELOPE = ETHERNET_LENGTH + IPV4_LENGTH + UDP_LENGTH + VXLAN_LENGTH;

/** What the UDP datagram of the IPv4 packet at `at` sums up to: 0 when its checksum is right. */
function sumOf(frame: Uint8Array, at: number): number {
  const start = at + IPV4_LENGTH;
  const source = ipv4.source.get(frame, at);
  const destination = ipv4.destination.get(frame, at);
  const pseudo = pseudoHeaderSum(source, destination, IPPROTO_UDP, frame.length - start);
  return finish(addBytes(pseudo, frame, start, frame.length));
}

/** A tunnel from host-a, and what leaves host-a when a datagram of `length` bytes goes into it; `damage` changes one byte of it first. */
function carried(length: number, damage: boolean): Uint8Array {
  const lab = Lab.preset("vxlan", { docker: "20.10", seed: 7 });
  const a = lab.machines["host-a"];
  for (const line of [
    "ip link add vxlan0 type vxlan id 10 remote 192.168.56.102 dstport 4789 dev enX0",
    "ip address add 172.100.0.1/16 dev vxlan0",
    "ip link set vxlan0 up",
    "ip neigh add 172.100.0.2 lladdr 02:00:00:00:00:02 dev vxlan0",
  ])
    expect(a.exec(line).stderr).toBe("");
  const frames: Uint8Array[] = [];
  const { rootNetns } = a.host;
  if (damage)
    rootNetns.device("vxlan0")!.addTap((_device, packet) => {
      packet.bytes[packet.end - 1]! ^= 1;
      packet.doubt();
    });
  rootNetns.device("enX0")!.addTap((_device, packet, direction) => {
    if (direction === "out" && packet.length > length + ENVELOPE) frames.push(packet.copyBytes());
  });
  a.exec("ping -c 1 192.168.56.102");
  frames.length = 0;
  rootNetns.udp.socket().sendTo(new Uint8Array(length).fill(0xa5), 0xac640002, 9);
  lab.settle();
  expect(frames).toHaveLength(1);
  return frames[0]!;
}

describe("the checksum of an envelope is made from that of the packet inside", () => {
  it.each([1, 2, 100, 101, 1400])("and is right for a payload of %i bytes", (length) => {
    const frame = carried(length, false);
    expect(sumOf(frame, ETHERNET_LENGTH)).toBe(0);
    expect(sumOf(frame, ENVELOPE + ETHERNET_LENGTH)).toBe(0);
    expect(udp.checksum.get(frame, ETHERNET_LENGTH + IPV4_LENGTH)).not.toBe(0);
  });

  it.each([1, 100])("and is right around a wrong one, payload of %i bytes", (length) => {
    const frame = carried(length, true);
    expect(sumOf(frame, ETHERNET_LENGTH)).toBe(0);
    expect(sumOf(frame, ENVELOPE + ETHERNET_LENGTH)).not.toBe(0);
  });
});
