import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bridge } from "../../kernel-lib/src/link/bridge.js";
import { DockerLab } from "./docker-lab.js";
import { container } from "./traffic-lab.js";

test("no frame on a bridge with tracking, NAT and every kind of rule makes anything throw", () => {
  const lab = new DockerLab();
  for (const line of [
    "iptables -t raw -A PREROUTING -p udp --dport 7 -j CT --notrack",
    "iptables -t mangle -A PREROUTING -p tcp --syn -j MARK --set-mark 1",
    "iptables -t mangle -A FORWARD -j TTL --ttl-set 9",
    "iptables -t nat -A PREROUTING -p tcp --dport 80:90 -j DNAT --to-destination 172.17.0.3:5000",
    "iptables -I FORWARD -m conntrack --ctstate INVALID -j LOG --log-prefix bad",
    "iptables -I FORWARD -p tcp --tcp-flags ALL NONE -j REJECT --reject-with tcp-reset",
    "iptables -I FORWARD -p icmp -j REJECT",
  ])
    lab.run(line);
  const a = container(lab.host, "docker0", 0xac110002, 0);
  container(lab.host, "docker0", 0xac110003, 1);
  const bridge = lab.host.rootNetns.device("docker0") as Bridge;
  const out = a.device("eth0")!;
  const head = fc.tuple(
    fc.constantFrom(bridge.mac, 0xffffffffffff, 0x0242ac110003),
    fc.constantFrom(1, 6, 17, 47),
    fc.constantFrom(0, 0x2000, 0x4000, 5),
  );
  fc.assert(
    fc.property(
      head,
      fc.uint8Array({ minLength: 0, maxLength: 80 }),
      fc.boolean(),
      ([mac, protocol, fragment], payload, sound) => {
        const length = 20 + payload.length;
        const frame = new Uint8Array(14 + length);
        for (let i = 0; i < 6; i++) frame[i] = Math.floor(mac / 256 ** (5 - i)) & 255;
        frame.set(
          [
            2,
            0x42,
            0xac,
            0x11,
            0,
            2,
            8,
            0,
            0x45,
            0,
            length >> 8,
            length & 255,
            0,
            1,
            fragment >> 8,
            fragment & 255,
            64,
            protocol,
            0,
            0,
            172,
            17,
            0,
            2,
            172,
            17,
            0,
            sound ? 3 : 1,
          ],
          6,
        );
        frame.set(payload, 34);
        let sum = 0;
        for (let i = 14; i < 34; i += 2) sum += (frame[i]! << 8) | frame[i + 1]!;
        sum = (sum & 0xffff) + (sum >>> 16);
        frame[24] = ~sum >>> 8;
        frame[25] = ~sum & 255;
        const packet = lab.world.packets.from(frame);
        packet.journey = lab.world.nextJourney();
        out.transmit(packet);
        lab.world.scheduler.runFor(1_000_000);
      },
    ),
    { numRuns: 2000, seed: 7 },
  );
  expect(lab.host.kernelLog.lines.length).toBeGreaterThan(0);
});
