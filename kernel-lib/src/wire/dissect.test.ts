import { describe, expect, it } from "vitest";
import { dissect } from "./dissect.js";

const bytes = (text: string) =>
  Uint8Array.from(text.replaceAll(/\s/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** Ethernet, IPv4 (192.168.56.101 to .102), UDP to 4789, VXLAN 10. */
const ENVELOPE = `00163e75fd9a 00163ed5606d 0800
  4500 0086 0e17 0000 40 11 7a34 c0a83865 c0a83866
  a834 12b5 0072 db39
  08000000 00000a00`;
/** A ping of 56 bytes from 172.18.0.11 to .22, without its data. */
const PING = `0242ac120016 0242ac12000b 0800
  4500 0054 e7c2 4000 40 01 faa0 ac12000b ac120016
  0800 6eb2 3efc 0000`;
const places = (frame: Uint8Array, options = {}) =>
  dissect(frame, options).map(({ name, offset, length }) => `${name} ${offset}+${length}`);

describe("a frame", () => {
  it("is read from outside in, through VXLAN", () => {
    const layers = dissect(bytes(ENVELOPE + PING), { length: 148 });
    expect(layers.map(({ name, offset, length }) => [name, offset, length])).toEqual([
      ["Ethernet", 0, 14],
      ["IPv4", 14, 20],
      ["UDP", 34, 8],
      ["VXLAN", 42, 8],
      ["Ethernet", 50, 14],
      ["IPv4", 64, 20],
      ["ICMP", 84, 8],
      ["data", 92, 56],
    ]);
    expect(layers[3]!.fields).toEqual([
      ["flags", "0x08"],
      ["VNI", "10"],
    ]);
    expect(Object.fromEntries(layers[5]!.fields)).toMatchObject({
      source: "172.18.0.11",
      destination: "172.18.0.22",
      flags: "don't fragment",
      TTL: "64",
    });
    expect(Object.fromEntries(layers[6]!.fields)).toMatchObject({ type: "8 (echo request)", id: "16124" });
  });

  it.each([
    ["another UDP port", ENVELOPE, { length: 148, vxlanPorts: [8472] }, "UDP 34+8, data 42+106"],
    ["cut off within a header", ENVELOPE.slice(0, 45), { length: 148 }, "Ethernet 0+14, data 14+134"],
    ["padding behind the packet", `${PING} ${"00".repeat(70)}`, {}, "ICMP 34+8, data 42+56"],
    [
      "a later fragment",
      "0242ac120016 0242ac12000b 0800 4500 0030 e7c2 2010 40 01 0000 ac12000b ac120016",
      { length: 62 },
      "IPv4 14+20, data 34+28",
    ],
    [
      "ARP",
      "ffffffffffff 0242ac12000b 0806 0001 0800 06 04 0001 0242ac12000b ac12000b 000000000000 ac120016",
      {},
      "Ethernet 0+14, ARP 14+28",
    ],
  ])("%s", (_, text, options, end) => {
    expect(places(bytes(text), options).slice(-2).join(", ")).toBe(end);
  });

  it("tells the MTU of “fragmentation needed”, and TCP's flags", () => {
    const ip = (protocol: string) =>
      `0242ac120016 0242ac12000b 0800 4500 0028 0000 0000 40 ${protocol} 0000 ac12000b ac120016`;
    const needed = dissect(bytes(`${ip("01")} 0304 0000 0000 05aa`), { length: 54 });
    expect(needed[2]!.fields).toContainEqual(["MTU", "1450"]);
    const syn = dissect(bytes(`${ip("06")} c000 0050 00000001 00000000 5012 faf0 0000 0000`));
    expect(syn[2]!.fields).toContainEqual(["flags", "SYN, ACK"]);
  });

  it.each([
    [
      "*3\r\n$7\r\nPUBLISH\r\n$10\r\nchat:lobby\r\n$2\r\nhi\r\n",
      "RESP",
      "*3 $7 PUBLISH $10 chat:lobby $2 hi",
    ],
    ["+OK\r\n", "RESP", "+OK"],
    ["POST /messages HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP", "POST /messages HTTP/1.1"],
    ["HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP", "HTTP/1.1 101 Switching Protocols"],
    ["\u0081\u0085\u0037\u00fa\u0021\u003d\u007f\u009f\u004d\u0051\u0058", "WebSocket", "1 (text)"],
    ["SSH-2.0-OpenSSH_9.2\r\n", "data", undefined],
    ["\u0081\u007e\u0009", "data", undefined],
    ["", "TCP", "12345"],
  ])("knows what %j is in TCP: %s", (said, name, first) => {
    const head =
      "0242ac120016 0242ac12000b 0800 4500 0000 0000 0000 40 06 0000 ac12000b ac120016 3039 0050 00000001 00000000 5018 faf0 0000 0000";
    const data = Uint8Array.from(said, (character) => character.charCodeAt(0));
    const whole = Uint8Array.from([...bytes(head), ...data]);
    whole[17] = whole.length - 14;
    const layer = dissect(whole).at(-1)!;
    expect([layer.name, layer.fields[0]?.[1]]).toEqual([name, first]);
  });
});
