import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  broadcastOf,
  contains,
  formatCidr,
  formatIpv4,
  formatMac,
  isMulticastMac,
  networkOf,
  parseCidr,
  parseIpv4,
  parseMac,
  rangeOf,
  tryParseInterfaceAddress,
  tryParseIpv4,
  tryParseMac,
} from "./addresses.js";

describe("IPv4 addresses", () => {
  it.each([
    ["0.0.0.0", 0],
    ["172.17.0.1", 0xac110001],
    ["255.255.255.255", 0xffffffff],
  ])("%s", (text, value) => {
    expect(parseIpv4(text)).toBe(value);
    expect(formatIpv4(value)).toBe(text);
  });

  it.each(["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.x", "localhost", "1.2.3.4 "])(
    "refuses %j",
    (text) => {
      expect(tryParseIpv4(text)).toBeNull();
      expect(() => parseIpv4(text)).toThrow(`not an IPv4 address: "${text}"`);
    },
  );

  it("round-trips", () => {
    fc.assert(fc.property(fc.nat(0xffffffff), (address) => parseIpv4(formatIpv4(address)) === address));
  });
});

describe("networks", () => {
  it.each([
    ["172.17.0.1/16", "172.17.0.0/16", "172.17.255.255"],
    ["10.0.0.9/8", "10.0.0.0/8", "10.255.255.255"],
    ["192.168.56.101/24", "192.168.56.0/24", "192.168.56.255"],
    ["203.0.113.9", "203.0.113.9/32", "203.0.113.9"],
    ["1.2.3.4/0", "0.0.0.0/0", "255.255.255.255"],
  ])("%s is in %s", (text, network, broadcast) => {
    const at = tryParseInterfaceAddress(text)!;
    expect(formatCidr(networkOf(at))).toBe(network);
    expect(formatIpv4(broadcastOf(at))).toBe(broadcast);
    expect(contains(networkOf(at), at.address)).toBe(true);
    expect(rangeOf(networkOf(at))).toEqual({ first: networkOf(at).address, last: broadcastOf(at) });
  });

  it.each(["172.17.0.0/33", "172.17.0.0/", "172.17.0.0/x", "a/8", "1.2.3.4/5/6"])("refuses %j", (text) => {
    expect(tryParseInterfaceAddress(text)).toBeNull();
  });

  it("says which network was meant when host bits are set", () => {
    expect(() => parseCidr("172.17.0.1/16")).toThrow(
      '"172.17.0.1/16" has host bits set; the network is 172.17.0.0/16',
    );
    expect(formatCidr(parseCidr("172.17.0.1/16", { loose: true }))).toBe("172.17.0.0/16");
  });
});

describe("MAC addresses", () => {
  it.each([
    ["02:42:ac:11:00:02", 0x0242ac110002, false],
    ["ff:ff:ff:ff:ff:ff", 0xffffffffffff, true],
    ["01:00:5e:00:00:01", 0x01005e000001, true],
  ])("%s", (text, value, multicast) => {
    expect(parseMac(text)).toBe(value);
    expect(formatMac(value)).toBe(text);
    expect(isMulticastMac(value)).toBe(multicast);
  });

  it.each(["", "02:42", "02:42:ac:11:00:0g", "0242ac110002"])("refuses %j", (text) => {
    expect(tryParseMac(text)).toBeNull();
  });
});
