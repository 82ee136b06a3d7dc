import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closeStatus, readWebSocketFrame, WEBSOCKET_OPCODES } from "./websocket.js";

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const text = (payload: Uint8Array) => new TextDecoder().decode(payload);

/** A frame as RFC 6455 §5.2 draws it, written without the reader's fields. */
function write(opcode: number, payload: Uint8Array, fin: boolean, key: readonly number[] | null): Uint8Array {
  const { length } = payload;
  const size =
    length < 126
      ? [length]
      : length < 0x10000
        ? [126, length >> 8, length & 255]
        : [127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (length >> shift) & 255)];
  size[0]! |= key === null ? 0 : 0x80;
  return Uint8Array.from([
    opcode | (fin ? 0x80 : 0),
    ...size,
    ...(key ?? []),
    ...payload.map((byte, i) => byte ^ (key?.[i & 3] ?? 0)),
  ]);
}

describe("WebSocket frames", () => {
  // The examples of RFC 6455 §5.7.
  it.each([
    ["810548656c6c6f", "text", true, false, "Hello"],
    ["818537fa213d7f9f4d5158", "text", true, true, "Hello"],
    ["010348656c", "text", false, false, "Hel"],
    ["80026c6f", "continuation", true, false, "lo"],
    ["890548656c6c6f", "ping", true, false, "Hello"],
    ["8a8537fa213d7f9f4d5158", "pong", true, true, "Hello"],
    ["880203e8", "close", true, false, "\u0003\ufffd"],
  ])("%s is %s", (hex, opcode, fin, masked, content) => {
    const frame = readWebSocketFrame(bytes(hex), 0);
    expect(frame).toMatchObject({ opcode, fin, masked, compressed: false, end: hex.length / 2 });
    expect(text((frame as { payload: Uint8Array }).payload)).toBe(content);
  });

  it.each([
    ["an opcode that nobody uses", "830548656c6c6f"],
    ["reserved bits", "910548656c6c6f"],
    ["a ping in pieces", "090548656c6c6f"],
    ["a long ping", "897e0080"],
    ["a length that needs no 16 bits", "817e0005"],
    ["a length that needs no 64 bits", "817f0000000000000100"],
    ["a length with the highest bit", "817f8000000000000000"],
  ])("%s is no frame", (_, hex) => expect(readWebSocketFrame(bytes(hex), 0)).toBe("malformed"));

  it("say when they are compressed, and why they close", () => {
    expect(readWebSocketFrame(bytes("c10548656c6c6f"), 0)).toMatchObject({ compressed: true });
    expect(closeStatus(bytes("03e9"))).toBe(1001);
    expect(closeStatus(bytes(""))).toBe(1005);
  });

  it("are read as they were written, and not before their last byte is there", () => {
    const opcodes = Object.keys(WEBSOCKET_OPCODES).map(Number);
    fc.assert(
      fc.property(
        fc.constantFrom(...opcodes),
        fc.oneof(fc.nat(300), fc.constantFrom(0, 125, 126, 65535, 65536)),
        fc.option(fc.array(fc.nat(255), { minLength: 4, maxLength: 4 })),
        fc.nat(20),
        (opcode, size, key, before) => {
          const payload = Uint8Array.from({ length: opcode < 8 ? size : size % 126 }, (_, i) => i);
          const frame = write(opcode, payload, true, key);
          const all = new Uint8Array(before + frame.length + 3);
          all.set(frame, before);
          expect(readWebSocketFrame(all, before)).toEqual({
            opcode: WEBSOCKET_OPCODES[opcode as keyof typeof WEBSOCKET_OPCODES],
            fin: true,
            masked: key !== null,
            compressed: false,
            payload,
            end: before + frame.length,
          });
          for (const part of [1, 2, frame.length - 1])
            if (part < frame.length) expect(readWebSocketFrame(frame.slice(0, part), 0)).toBeNull();
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });
});
