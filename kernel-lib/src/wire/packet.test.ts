import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arp } from "./arp.js";
import { addBytes, checksum, finish, updateLong, updateWord } from "./checksum.js";
import { ethernet } from "./ethernet.js";
import type { HeaderSpec } from "./field.js";
import { icmp } from "./icmp.js";
import { decrementTtl, fillIpv4Checksum, IPV4_LENGTH, ipv4 } from "./ipv4.js";
import { HEADROOM, PacketPool } from "./packet.js";
import { tcp } from "./tcp.js";
import { udp } from "./udp.js";

const HEADERS: Record<string, HeaderSpec> = { ethernet, arp, ipv4, icmp, udp, tcp };

describe.each(Object.entries(HEADERS))("the %s header", (_name, spec) => {
  it("reads back what was written, and touches no other field", () => {
    const names = Object.keys(spec);
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        fc.constantFrom(...names),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (bytes, name, share) => {
          const field = spec[name]!;
          const value = Math.floor(share * (2 ** field.width - 1));
          const before = names.map((other) => spec[other]!.get(bytes, 3));
          field.set(bytes, 3, value);
          expect(field.get(bytes, 3)).toBe(value);
          names.forEach((other, i) => {
            if (other !== name) expect(spec[other]!.get(bytes, 3)).toBe(before[i]);
          });
        },
      ),
    );
  });

  it("lists its fields in wire order without overlap", () => {
    const fields = Object.values(spec);
    fields.slice(1).forEach((field, i) => {
      expect(field.bit).toBeGreaterThanOrEqual(fields[i]!.bit + fields[i]!.width);
    });
  });
});

describe("the Internet checksum", () => {
  it("is RFC 1071's example", () => {
    const bytes = Uint8Array.from([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]);
    expect(checksum(bytes, 0, 8)).toBe(~0xddf2 & 0xffff);
  });

  it("pads an odd last byte with zero", () => {
    expect(addBytes(0, Uint8Array.from([1, 2, 3]), 0, 3)).toBe(0x0102 + 0x0300);
  });

  it("updates as if computed anew (RFC 1624)", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 60 }),
        fc.nat(0xffff),
        fc.nat(0xffffffff),
        (bytes, word, long) => {
          bytes[0] = 0x45;
          const full = checksum(bytes, 0, bytes.length);
          const oldWord = (bytes[2]! << 8) | bytes[3]!;
          bytes[2] = word >>> 8;
          bytes[3] = word;
          const oldLong = ((bytes[4]! << 24) | (bytes[5]! << 16) | (bytes[6]! << 8) | bytes[7]!) >>> 0;
          bytes.set([long >>> 24, (long >>> 16) & 255, (long >>> 8) & 255, long & 255], 4);
          const updated = updateLong(updateWord(full, oldWord, word), oldLong, long);
          expect(updated).toBe(checksum(bytes, 0, bytes.length));
        },
      ),
    );
  });

  it("stays right when the TTL goes down", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: IPV4_LENGTH, maxLength: IPV4_LENGTH }), (bytes) => {
        bytes[0] = 0x45;
        if (bytes[8] === 0) bytes[8] = 1;
        fillIpv4Checksum(bytes, 0);
        decrementTtl(bytes, 0);
        expect(finish(addBytes(0, bytes, 0, IPV4_LENGTH))).toBe(0);
      }),
    );
  });
});

describe("a packet", () => {
  const frame = Uint8Array.from({ length: 100 }, (_, i) => i);

  it("pushes into its headroom and beyond it without losing a byte", () => {
    const packet = new PacketPool().from(frame);
    packet.network = packet.start;
    for (const size of [50, 50, 50, 400]) packet.push(size);
    expect(packet.length).toBe(650);
    packet.pull(550);
    expect(packet.start).toBe(packet.network);
    expect([...packet.copyBytes()]).toEqual([...frame]);
  });

  it("clones into bytes of its own", () => {
    const pool = new PacketPool();
    const packet = pool.from(frame);
    packet.mark = 7;
    packet.network = packet.start + 14;
    const copy = packet.clone();
    packet.bytes[packet.start] = 99;
    expect(copy.bytes[copy.start]).toBe(0);
    expect([copy.mark, copy.network - copy.start]).toEqual([7, 14]);
  });

  it("is used again after its release, as good as new", () => {
    const pool = new PacketPool();
    const packet = pool.from(frame);
    packet.mark = 7;
    packet.connection = {};
    packet.release();
    expect(() => packet.release()).toThrow("released twice");
    const again = pool.take(10);
    expect(again).toBe(packet);
    expect([again.start, again.length, again.mark, again.connection]).toEqual([HEADROOM, 0, 0, null]);
  });

  it("holds frames of 64 KB", () => {
    const packet = new PacketPool().from(new Uint8Array(65_549));
    expect(packet.length).toBe(65_549);
  });
});
