import { describe, expect, test } from "vitest";
import { type CapturedFrame, LINKTYPE_LINUX_SLL2 } from "./capture.js";
import { readCapture, writePcap } from "./pcap.js";
import { writePcapng } from "./pcapng.js";

const FRAMES: readonly CapturedFrame[] = [
  { seconds: 1795230720, nanoseconds: 123456789, bytes: Uint8Array.of(1, 2, 3, 4, 5), originalLength: 5 },
  { seconds: 1795230721, nanoseconds: 999999999, bytes: Uint8Array.of(9, 8), originalLength: 60 },
];
const plain = (frames: readonly CapturedFrame[]) =>
  frames.map((frame) => ({ ...frame, bytes: Array.from(frame.bytes) }));

describe("classic pcap", () => {
  test("what is written with nanoseconds is read back", () => {
    const file = readCapture(
      writePcap(FRAMES, { nanoseconds: true, linkType: LINKTYPE_LINUX_SLL2, snapshotLength: 96 }),
    );
    expect({ ...file, frames: plain(file.frames) }).toEqual({
      linkType: 276,
      snapshotLength: 96,
      frames: plain(FRAMES),
    });
  });

  test("microseconds cut the time", () => {
    expect(readCapture(writePcap(FRAMES)).frames.map((frame) => frame.nanoseconds)).toEqual([
      123456000, 999999000,
    ]);
  });

  test("big-endian files are read", () => {
    const little = writePcap(FRAMES.slice(0, 1));
    const view = new DataView(little.buffer);
    for (const at of [0, 16, 20, 24, 28, 32, 36]) view.setUint32(at, view.getUint32(at, true), false);
    for (const at of [4, 6]) view.setUint16(at, view.getUint16(at, true), false);
    expect(readCapture(little).frames[0]).toMatchObject({ seconds: 1795230720, originalLength: 5 });
  });

  const whole = writePcap(FRAMES);
  test.each([
    [new Uint8Array(0), "truncated dump file; tried to read 4 file header bytes, only got 0"],
    [whole.slice(0, 10), "truncated dump file; tried to read 24 file header bytes, only got 6"],
    [new TextEncoder().encode("hello, this is no capture"), "unknown file format"],
  ])("damaged header %#", (bytes, message) => {
    expect(() => readCapture(bytes)).toThrow(message);
  });

  test.each([
    [whole.slice(0, 30), 0, "truncated dump file; tried to read 16 header bytes, only got 6"],
    [whole.slice(0, 42), 0, "truncated dump file; tried to read 5 captured bytes, only got 2"],
    [whole.slice(0, 50), 1, "truncated dump file; tried to read 16 header bytes, only got 5"],
  ])("damaged record %#", (bytes, count, damage) => {
    const file = readCapture(bytes);
    expect([file.frames.length, file.damage]).toEqual([count, damage]);
  });
});

describe("pcapng", () => {
  const named: readonly CapturedFrame[] = [
    { ...FRAMES[0], interfaceName: "docker0", direction: "in" } as CapturedFrame,
    { ...FRAMES[1], interfaceName: "eth0", direction: "out" } as CapturedFrame,
    { ...FRAMES[1], interfaceName: "docker0" } as CapturedFrame,
  ];

  test("several interfaces, directions and nanoseconds are read back", () => {
    expect(plain(readCapture(writePcapng(named)).frames)).toEqual(plain(named));
  });

  test("a file cut short says so and keeps what is whole", () => {
    const bytes = writePcapng(named);
    const file = readCapture(bytes.slice(0, -10));
    expect(file.frames.length).toBe(2);
    expect(file.damage).toMatch(/^truncated pcapng dump file; tried to read \d+ bytes, only got \d+$/);
  });
});
