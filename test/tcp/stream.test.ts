import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import type { TcpSocket } from "../../kernel-lib/src/socket/tcp/tcp-socket.js";
import { type Faults, Link, RIGHT } from "./link.js";

/** Sends `bytes` from left to right, as an application would, and gives what the right end read. Both close at the end. */
function transfer(
  link: Link,
  bytes: Uint8Array,
  limit: number,
): { received: Uint8Array; ended: boolean; sender: TcpSocket } {
  const listener = link.right.tcp.socket();
  listener.bind(0, 5000);
  listener.listen(10);
  const sender = link.left.tcp.socket();
  const received = new Uint8Array(bytes.length);
  let got = 0;
  let ended = false;
  const readFrom = (socket: TcpSocket) => {
    for (let chunk = socket.receive(); chunk !== null; chunk = socket.receive()) {
      if (chunk.length === 0) {
        ended = true;
        socket.close();
        return;
      }
      received.set(chunk, got);
      got += chunk.length;
    }
    socket.wait.add(() => readFrom(socket));
  };
  const accept = () => {
    const socket = listener.accept();
    if (socket !== null) readFrom(socket);
    else listener.wait.add(accept);
  };
  listener.wait.add(accept);
  let sent = 0;
  const write = () => {
    for (;;) {
      const taken = sender.send(bytes.subarray(sent, sent + 65536));
      sent += taken;
      if (sent === bytes.length) break;
      if (taken === 0) {
        sender.wait.add(write);
        return;
      }
    }
    sender.shutdown();
    sender.wait.add(() => {
      if (sender.receive()?.length === 0) sender.close();
    });
  };
  sender.wait.add(write);
  sender.connect(RIGHT, 5000);
  link.run(limit);
  listener.close();
  sender.close();
  return { received, ended, sender };
}

function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8)) & 255;
  return bytes;
}

describe("a byte stream arrives exactly", () => {
  const faults: [string, Faults, number][] = [
    ["over a good wire", {}, 1_000_000],
    ["with 1 % loss", { loss: 0.01 }, 1_000_000],
    ["with 10 % loss", { loss: 0.1 }, 200_000],
    ["with reordering", { reorder: 0.3 }, 1_000_000],
    ["with duplication", { duplicate: 0.3 }, 1_000_000],
    ["with all of it", { loss: 0.1, duplicate: 0.1, reorder: 0.2 }, 100_000],
  ];
  test.each(faults)("%s", (_name, fault, length) => {
    const link = new Link(7, fault);
    const bytes = pattern(length);
    const { received, ended } = transfer(link, bytes, seconds(3600));
    expect(Buffer.compare(received, bytes)).toBe(0);
    expect(ended).toBe(true);
    expect(link.left.tcp.list()).toEqual([]);
    expect(link.right.tcp.list()).toEqual([]);
    expect(link.world.scheduler.pending).toBe(0);
  });

  test("with any seed and any faults below 30 % loss", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 0, max: 0.29, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.integer({ min: 0, max: 60_000 }),
        fc.constantFrom(300, 576, 1500, 65535),
        (seed, loss, duplicate, reorder, length, mtu) => {
          const link = new Link(seed, { loss, duplicate, reorder }, mtu);
          const bytes = pattern(length);
          const { received, ended } = transfer(link, bytes, seconds(20_000));
          expect(Buffer.compare(received, bytes)).toBe(0);
          expect(ended).toBe(true);
          expect(link.left.tcp.list()).toEqual([]);
          expect(link.right.tcp.list()).toEqual([]);
          expect(link.world.scheduler.pending).toBe(0);
        },
      ),
      { numRuns: 150, seed: 1 },
    );
  });

  test("10 MB in one go", () => {
    const link = new Link(3);
    const bytes = pattern(10_000_000);
    const { received } = transfer(link, bytes, seconds(100));
    expect(Buffer.compare(received, bytes)).toBe(0);
  });
});
