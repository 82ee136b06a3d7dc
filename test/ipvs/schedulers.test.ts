import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseIpv4 } from "../../kernel-lib/src/base/addresses.js";
import { Destination } from "../../kernel-lib/src/ipvs/destination.js";
import { SCHEDULERS } from "../../kernel-lib/src/ipvs/schedulers/index.js";
import { hsiphash } from "../../kernel-lib/src/ipvs/schedulers/sip-hash.js";
import { DEFAULT_SETTINGS, Service } from "../../kernel-lib/src/ipvs/service.js";

const SERVICE = new Service(
  { protocol: 17, address: 0, port: 53, fwmark: 0 },
  DEFAULT_SETTINGS,
  SCHEDULERS.get("rr")!(),
  0,
);

/** Servers 10.9.0.5, .6 and .7 with weights 1, 2 and 3, added in this order, as in the recording; the kernel has the newest first. */
function table(name: string, { flags = 0, weights = [1, 2, 3], port = 53 } = {}) {
  const scheduler = SCHEDULERS.get(name)!();
  const destinations: Destination[] = [];
  const pool = { destinations, flags };
  scheduler.changed(pool);
  const settings = (weight: number) =>
    ({ method: "masq", weight, upperThreshold: 0, lowerThreshold: 0 }) as const;
  const find = (host: number) => destinations.findIndex(({ address }) => (address & 255) === host);
  const add = (host: number, weight: number) => {
    destinations.unshift(new Destination(parseIpv4(`10.9.0.${host}`), port, SERVICE, settings(weight), 0));
    scheduler.changed(pool);
  };
  for (const [i, weight] of weights.entries()) add(5 + i, weight);
  return {
    add,
    quiesce(host: number) {
      destinations[find(host)]!.set(settings(0));
      scheduler.changed(pool);
    },
    remove(host: number) {
      destinations.splice(find(host), 1);
      scheduler.changed(pool);
    },
    choose: (client: number, sourcePort = 0) => {
      const opening = {
        source: parseIpv4(`10.9.1.${client}`),
        sourcePort,
        destination: parseIpv4("10.9.0.1"),
      };
      const chosen = scheduler.choose(pool, opening);
      if (chosen !== null) chosen.active++;
      return chosen === null ? 0 : chosen.address & 255;
    },
  };
}

function play(name: string, options: Parameters<typeof table>[1] = {}) {
  return table(name, options).choose;
}

/** Clients 10.9.1.1 to .12, one after the other. */
const CLIENTS = Array.from({ length: 12 }, (_, i) => i + 1);
const SH_PORTS = [36754, 33832, 44821, 34812, 37448, 34786, 52192, 36529, 43681, 37091, 38652, 55594];

describe("who gets the next connection, as recorded", () => {
  test.each([
    ["rr", 0, "7 6 5 7 6 5 7 6 5 7 6 5"],
    ["wrr", 0, "7 6 5 7 7 6 7 6 5 7 7 6"],
    ["sh", 0, "7 6 7 7 5 7 6 7 6 7 7 6"],
    ["dh", 0, "5 5 5 5 5 5 5 5 5 5 5 5"],
  ])("%s", (name, flags, expected) => {
    const choose = play(name, { flags });
    expect(CLIENTS.map((client) => choose(client)).join(" ")).toBe(expected);
  });

  test("sh with sh-port", () => {
    const choose = play("sh", { flags: 2 });
    expect(CLIENTS.map((client, i) => choose(client, SH_PORTS[i])).join(" ")).toBe("6 6 7 7 7 7 7 7 5 6 6 6");
  });
});

/** Weights of servers, and which of them each client got, of a play of `recorded/schedulers.txt`. */
function recordedPlays() {
  const text = readFileSync(new URL("recorded/schedulers.txt", import.meta.url), "utf8");
  return [...text.matchAll(/^== (\S+)(?: -b (\S+))? weights (.*)\n(.*)$/gm)].map(
    ([, name = "", option, weights = "", pairs = ""]) => ({
      name,
      flags: option === undefined ? 0 : option.endsWith("fallback") ? 1 : 2,
      weights: weights.split(" ").map(Number),
      pairs: pairs.split(" ").map((pair) => pair.split(":").map(Number) as [number, number]),
    }),
  );
}

describe("every scheduler, as a real kernel with connections that stay", () => {
  test.each(recordedPlays())("$name, flags $flags, weights $weights", ({ name, flags, weights, pairs }) => {
    const choose = play(name, { flags, weights, port: 80 });
    const clients = Array.from({ length: pairs.at(-1)![0] }, (_, i) => i + 1);
    const chosen = clients.map((client) => [client, choose(client)]);
    expect(chosen.filter(([, server]) => server !== 0)).toEqual(pairs);
  });

  test("rr and wrr go on where they were when servers come, go and are quiesced", () => {
    for (const [name, recorded] of [
      ["rr", "7 6 5 7 6 5 8 7 5 8 7 5 8 7 5 7 5 7"],
      ["wrr", "7 6 5 7 7 8 7 6 8 7 8 7 5 7 5 7 7 7"],
    ] as const) {
      const game = table(name, { port: 80 });
      const chosen = CLIENTS.slice(0, 4).map((client) => game.choose(client));
      game.add(8, 2);
      for (let i = 0; i < 4; i++) chosen.push(game.choose(1));
      game.quiesce(6);
      for (let i = 0; i < 5; i++) chosen.push(game.choose(1));
      game.remove(8);
      for (let i = 0; i < 5; i++) chosen.push(game.choose(1));
      expect(chosen.join(" "), name).toBe(recorded);
    }
  });
});

describe("load and weights", () => {
  test.each([
    ["lc", [2, 2, 2]],
    ["wlc", [1, 2, 3]],
    ["sed", [1, 2, 3]],
    ["nq", [1, 2, 3]],
  ])("%s spreads six connections that stay", (name, expected) => {
    const choose = play(name);
    const counts = [0, 0, 0];
    for (const client of CLIENTS.slice(0, 6)) counts[choose(client) - 5]!++;
    expect(counts).toEqual(expected);
  });

  test.each([...SCHEDULERS.keys()])(
    "%s gives nothing to servers of weight 0, nor where there are none",
    (name) => {
      expect(play(name, { weights: [0, 0] })(1)).toBe(0);
      expect(play(name, { weights: [] })(1)).toBe(0);
      const choose = play(name, { weights: [0, 1], flags: 1 });
      if (name !== "dh") for (const client of CLIENTS) expect([6, 0]).toContain(choose(client));
    },
  );

  test("mh moves few clients when a server goes", () => {
    const three = play("mh", { weights: [1, 1, 1] });
    const two = play("mh", { weights: [1, 1] });
    const clients = Array.from({ length: 250 }, (_, i) => i + 1);
    const moved = clients.filter((client) => {
      const before = three(client);
      return before !== 7 && before !== two(client);
    });
    expect(moved.length).toBeLessThan(25);
  });

  test("fo takes the highest weight, ovf until it has as many connections as that", () => {
    expect(CLIENTS.map((client) => play("fo")(client))).toEqual(CLIENTS.map(() => 7));
    const choose = play("ovf");
    expect(CLIENTS.slice(0, 5).map((client) => choose(client))).toEqual([7, 7, 7, 7, 6]);
  });
});

test("hsiphash of one word is SipHash-1-3 folded to 32 bits, and every bit of the word counts", () => {
  const key = [2654435761n, 2654435761n] as const;
  const seen = new Set(
    Array.from({ length: 33 }, (_, bit) => hsiphash(bit === 32 ? 0 : (1 << bit) >>> 0, key)),
  );
  expect(seen.size).toBe(33);
});
