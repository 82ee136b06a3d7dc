import { expect, test } from "vitest";
import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import { addBytes, finish, pseudoHeaderSum } from "../../kernel-lib/src/wire/checksum.js";
import { tcp } from "../../kernel-lib/src/wire/tcp.js";
import { LEFT, Link, RIGHT } from "./link.js";

test("10,000 mutated segments never throw, and what is sent back is sound", () => {
  const link = new Link(5);
  const random = link.world.random.fork("fuzz");
  const captured: Uint8Array[] = [];
  const listener = link.right.tcp.socket();
  listener.bind(0, 5000);
  listener.listen(100);
  const send = link.left.send.bind(link.left);
  link.left.send = (packet, options) => {
    if (captured.length < 200) captured.push(packet.copyBytes());
    send(packet, options);
  };
  for (let i = 0; i < 10_000; i++) {
    if (i % 100 === 0) {
      const client = link.left.tcp.socket();
      client.connect(RIGHT, 5000);
      link.run(ms(1));
      listener.accept()?.send(new Uint8Array(3000));
      if (client.state === "ESTABLISHED") client.send(new Uint8Array(2000));
      if (i % 300 === 0) client.close();
    }
    const bytes = captured[random.between(Math.max(0, captured.length - 8), captured.length - 1)]!.slice();
    for (let n = random.between(1, 6); n > 0; n--)
      bytes[random.between(4, Math.min(bytes.length, 44) - 1)] = random.between(0, 255);
    const packet = link.world.packets.from(
      random.unit() < 0.1 ? bytes.subarray(0, random.between(0, bytes.length)) : bytes,
    );
    packet.transport = packet.start;
    if (packet.length >= 20 && random.unit() < 0.95) {
      tcp.checksum.set(packet.bytes, packet.start, 0);
      const sum = addBytes(
        pseudoHeaderSum(LEFT, RIGHT, 6, packet.length),
        packet.bytes,
        packet.start,
        packet.end,
      );
      tcp.checksum.set(packet.bytes, packet.start, finish(sum));
    }
    link.right.tcp.receive(packet, LEFT, RIGHT);
    if (i % 10 === 0) link.run(ms(random.between(0, 300)));
  }
  link.run(seconds(5000));
  listener.close();
  expect(captured.length).toBeGreaterThan(50);
});
