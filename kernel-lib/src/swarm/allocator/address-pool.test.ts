import { describe, expect, it } from "vitest";
import { formatIpv4, parseCidr, parseIpv4 } from "../../base/addresses.js";
import { SwarmAddressPool } from "./address-pool.js";

const next = (pool: SwarmAddressPool) => formatIpv4(pool.request() ?? 0);

describe("addresses of a network of the swarm", () => {
  it("go on after the last one that was given, from 18.09 on", () => {
    const pool = new SwarmAddressPool(parseCidr("10.255.0.0/16"), true);
    expect([next(pool), next(pool), next(pool)]).toEqual(["10.255.0.1", "10.255.0.2", "10.255.0.3"]);
    pool.release(parseIpv4("10.255.0.2"));
    expect(next(pool)).toBe("10.255.0.4");
  });

  it("are the lowest free ones before", () => {
    const pool = new SwarmAddressPool(parseCidr("10.255.0.0/16"), false);
    for (let i = 0; i < 3; i++) pool.request();
    pool.release(parseIpv4("10.255.0.2"));
    expect([next(pool), next(pool)]).toEqual(["10.255.0.2", "10.255.0.4"]);
  });

  it("come round when the end is reached, and are used up", () => {
    const pool = new SwarmAddressPool(parseCidr("10.0.9.0/30"), true);
    expect([next(pool), next(pool), pool.request()]).toEqual(["10.0.9.1", "10.0.9.2", null]);
    pool.release(parseIpv4("10.0.9.1"));
    expect(next(pool)).toBe("10.0.9.1");
  });

  it.each([
    ["10.0.9.7", "Address already in use"],
    ["10.0.8.7", "invalid address 10.0.8.7: it does not belong to any of this network's subnets"],
  ])("a chosen one may be refused: %s", (address, message) => {
    const pool = new SwarmAddressPool(parseCidr("10.0.9.0/24"), true);
    expect(pool.request(parseIpv4("10.0.9.7"))).toBe(parseIpv4("10.0.9.7"));
    expect(() => pool.request(parseIpv4(address))).toThrow(message);
  });
});
