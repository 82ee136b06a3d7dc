import { expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { segment, segmentCount, segmentLength } from "../../kernel-lib/src/link/offload.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import { addBytes, checksum, finish, pseudoHeaderSum } from "../../kernel-lib/src/wire/checksum.js";
import { fillIpv4Checksum, IPPROTO_TCP, ipv4 } from "../../kernel-lib/src/wire/ipv4.js";
import { TCP_ACK, TCP_FIN, TCP_PSH, tcp } from "../../kernel-lib/src/wire/tcp.js";

const NETWORK = 14;
const PAYLOAD = NETWORK + 20 + 20;

/** A frame of `length` bytes of payload with PSH and FIN, to be cut by `size`. */
function superPacket(world: World, length: number, size: number) {
  const frame = new Uint8Array(PAYLOAD + length);
  frame[12] = 8;
  frame[NETWORK] = 0x45;
  ipv4.totalLength.set(frame, NETWORK, frame.length - NETWORK);
  ipv4.id.set(frame, NETWORK, 0xffff);
  ipv4.dontFragment.set(frame, NETWORK, 1);
  ipv4.ttl.set(frame, NETWORK, 64);
  ipv4.protocol.set(frame, NETWORK, IPPROTO_TCP);
  ipv4.source.set(frame, NETWORK, 0x0a000001);
  ipv4.destination.set(frame, NETWORK, 0x0a000002);
  fillIpv4Checksum(frame, NETWORK);
  tcp.sequence.set(frame, NETWORK + 20, 0xfffffc00);
  tcp.headerWords.set(frame, NETWORK + 20, 5);
  tcp.flags.set(frame, NETWORK + 20, TCP_ACK | TCP_PSH | TCP_FIN);
  for (let i = 0; i < length; i++) frame[PAYLOAD + i] = i % 251;
  const packet = world.packets.from(frame);
  packet.gsoSize = size;
  return packet;
}

test.each([
  [1449, 1448, [1448, 1]],
  [4344, 1448, [1448, 1448, 1448]],
  [7000, 1398, [1398, 1398, 1398, 1398, 1398, 10]],
])("%d bytes are cut by %d into %j, each a whole segment", (length, size, lengths) => {
  const world = new World(1);
  const packet = superPacket(world, length, size);
  const network = packet.start + NETWORK;
  expect(segmentLength(packet, network)).toBe(40 + size);
  expect(segmentCount(packet, network + 20)).toBe(lengths.length);
  const pieces = segment(world, packet, network);
  expect(pieces.map((piece) => piece.length - PAYLOAD)).toEqual(lengths);
  const bytes: number[] = [];
  for (const [i, piece] of pieces.entries()) {
    const at = piece.start + NETWORK;
    const last = i === pieces.length - 1;
    expect(piece.gsoSize).toBe(0);
    expect(checksum(piece.bytes, at, at + 20)).toBe(0);
    expect(ipv4.totalLength.get(piece.bytes, at)).toBe(piece.end - at);
    expect(ipv4.id.get(piece.bytes, at)).toBe((0xffff + i) & 0xffff);
    expect(tcp.sequence.get(piece.bytes, at + 20)).toBe((0xfffffc00 + bytes.length) >>> 0);
    expect(tcp.flags.get(piece.bytes, at + 20)).toBe(last ? TCP_ACK | TCP_PSH | TCP_FIN : TCP_ACK);
    const pseudo = pseudoHeaderSum(0x0a000001, 0x0a000002, IPPROTO_TCP, piece.end - at - 20);
    expect(finish(addBytes(pseudo, piece.bytes, at + 20, piece.end))).toBe(0);
    bytes.push(...piece.bytes.subarray(piece.start + PAYLOAD, piece.end));
  }
  expect(bytes).toEqual(Array.from({ length }, (_, i) => i % 251));
});

/** A container serves 300,000 bytes; somebody fetches them while the lab is traced. */
async function fetched(from: "client" | "api") {
  const lab = Lab.preset("single", { docker: "20.10", seed: 3 });
  const { docker01, client } = lab.machines;
  await docker01.sh`docker run -d --name web -p 8000:8000 test-image sleep 3600`;
  await docker01.sh`docker run -d --name api test-image sleep 3600`;
  await docker01.sh`docker exec web sh -c 'mkdir -p /www; head -c 300000 /dev/zero > /www/big'; docker exec -d web httpd -f -p 8000 -h /www`;
  const trace = await lab.trace(() =>
    from === "client"
      ? client.sh`curl -s -o /dev/null -w '%{size_download}' http://192.168.56.101:8000/big`
      : docker01.sh`docker exec api curl -s -o /dev/null -w '%{size_download}' http://172.17.0.2:8000/big`,
  );
  return { lab, size: String(trace.value), events: trace.events };
}

test("between containers super-packets cross veth and bridge whole, and are never cut", async () => {
  const { size, events } = await fetched("api");
  expect(size).toBe("300000");
  const lengths = events.flatMap((event) =>
    event.kind === "bridge" ? [] : event.kind === "transmit" ? [event.length] : [],
  );
  expect(Math.max(...lengths)).toBeGreaterThan(20_000);
  expect(events.filter(({ kind }) => kind === "segment" || kind === "fragment")).toEqual([]);
});

test("a card cuts them: no frame on a cable is larger than its MTU, and what is captured on the card is not yet cut", async () => {
  const { size, events } = await fetched("client");
  expect(size).toBe("300000");
  const cuts = events.filter((event) => event.kind === "segment");
  expect(cuts.length).toBeGreaterThan(0);
  expect(new Set(cuts.map((event) => event.kind === "segment" && event.device))).toEqual(new Set(["enX0"]));
  const received = events.filter((event) => event.kind === "receive" && event.deviceKind === "nic");
  expect(Math.max(...received.map((event) => (event.kind === "receive" ? event.length : 0)))).toBe(1514);
  const sent = events.filter((event) => event.kind === "transmit" && event.device === "enX0");
  expect(Math.max(...sent.map((event) => (event.kind === "transmit" ? event.length : 0)))).toBeGreaterThan(
    1514,
  );
});

test("netfilter counts a super-packet as one; a transfer of many bytes needs few packets", async () => {
  const { lab } = await fetched("api");
  const text = String(lab.machines.docker01.exec("iptables -nvxL FORWARD"));
  const packets = text.match(/^\s*(\d+)\s+(\d+) ACCEPT .*docker0 +0\.0\.0\.0\/0 .*RELATED,ESTABLISHED/m);
  expect(Number(packets?.[2])).toBeGreaterThan(300_000);
  expect(Number(packets?.[1])).toBeLessThan(100);
});

test("a faulty card: TCP inside the tunnel is dropped for its checksum and counted, ping passes; without the card's checksums all is well", async () => {
  const lab = Lab.preset("vxlan", { docker: "20.10", seed: 7 });
  const a = lab.machine("host-a");
  const b = lab.machine("host-b");
  for (const [host, own, remote] of [
    [a, 1, 102],
    [b, 2, 101],
  ] as const)
    for (const line of [
      `ip link add vxlan0 type vxlan id 10 remote 192.168.56.${remote} dstport 4789 dev enX0`,
      `ip addr add 172.30.0.${own}/24 dev vxlan0`,
      "ip link set vxlan0 up",
    ])
      expect(String(host.exec(line))).toBe("");
  a.fault("enX0", "tunnel-checksum");
  const server = b.start("nc -l -k -p 7000");
  expect(String(a.exec("ping -c 1 172.30.0.2"))).toContain(" 0% packet loss");
  const trace = lab.trace(() => a.exec("nc -z -w 2 172.30.0.2 7000"));
  expect(trace.value.status).toBe(1);
  expect(
    trace.events.filter((event) => event.kind === "drop" && event.reason === "TCP_CSUM").length,
  ).toBeGreaterThan(0);
  expect(b.host.rootNetns.counters.tcp.InCsumErrors).toBeGreaterThan(0);
  expect(b.host.files.readText("/proc/net/snmp")).toMatch(
    new RegExp(`^Tcp: .* ${b.host.rootNetns.counters.tcp.InCsumErrors}$`, "m"),
  );
  a.exec("ethtool -K enX0 tx-checksum-ip-generic off");
  expect(a.exec("nc -z -w 2 172.30.0.2 7000").status).toBe(0);
  server.stop();
  const again = await Lab.replay(String(lab.journal));
  expect(again.machine("host-b").host.rootNetns.counters.tcp).toEqual(b.host.rootNetns.counters.tcp);
});
