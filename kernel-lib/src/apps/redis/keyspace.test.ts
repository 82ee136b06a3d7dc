import { describe, expect, it } from "vitest";
import { Random } from "../../sim/random.js";
import { RedisEngine } from "./engine.js";
import { RedisError, type Reply } from "./reply.js";

const START = 1_700_000_000_000;

/** An engine whose clock a test moves, and one client of it. */
function server() {
  let now = START;
  const engine = new RedisEngine({ now: () => now, random: new Random(1) });
  const session = engine.connect({ address: "127.0.0.1", port: 40_000, local: "127.0.0.1:6379" });
  return {
    engine,
    wait: (ms: number) => {
      now += ms;
    },
    do: (line: string): Reply => engine.execute(session, line.split(" ")),
  };
}

describe("a key that expires", () => {
  it("is gone at its time, to the millisecond", () => {
    const redis = server();
    redis.do("SET a 1 PX 1500");
    expect(redis.engine.nextDeadline()).toBe(START + 1500);
    redis.wait(1499);
    expect([redis.do("GET a"), redis.do("PTTL a"), redis.do("TTL a")]).toEqual(["1", 1, 0]);
    redis.wait(1);
    expect([redis.do("DBSIZE"), redis.do("GET a"), redis.do("DBSIZE"), redis.do("TTL a")]).toEqual([
      1,
      null,
      0,
      -2,
    ]);
    expect(redis.engine.statistics.expired).toBe(1);
  });

  it("is deleted by the engine's own tick, and nothing is due any more", () => {
    const redis = server();
    redis.do("SET a 1 EX 10");
    redis.do("SET b 1 EX 20");
    redis.do("SET c 1");
    redis.wait(10_000);
    redis.engine.tick();
    expect([redis.do("DBSIZE"), redis.engine.nextDeadline()]).toEqual([2, START + 20_000]);
    redis.do("PERSIST b");
    redis.wait(10_000);
    redis.engine.tick();
    expect([redis.do("DBSIZE"), redis.engine.nextDeadline()]).toEqual([2, null]);
  });
});

describe("SCAN", () => {
  it("tells every key that stays exactly once, whatever comes and goes meanwhile", () => {
    const redis = server();
    for (let i = 0; i < 300; i++) redis.do(`SET stays:${i} 1`);
    const seen: string[] = [];
    let cursor = "0";
    let round = 0;
    do {
      const [next, keys] = redis.do(`SCAN ${cursor} COUNT 7`) as [string, string[]];
      seen.push(...keys);
      cursor = next;
      redis.do(`SET new:${round} 1`);
      redis.do(`DEL new:${round - 3}`);
      round++;
    } while (cursor !== "0");
    const stayed = seen.filter((key) => key.startsWith("stays:"));
    expect(stayed).toHaveLength(300);
    expect(new Set(stayed).size).toBe(300);
  });
});

it("a command that the lab has not is refused by its name, and nothing is changed", () => {
  const redis = server();
  const reply = redis.do("PFADD key element");
  expect(reply).toBeInstanceOf(RedisError);
  expect((reply as RedisError).message).toBe("ERR the command PFADD is not supported here");
  expect(redis.do("DBSIZE")).toBe(0);
});

it("two engines with one seed draw the same", () => {
  const [one, other] = [server(), server()];
  const script = ["SADD s a b c d e f g", "SPOP s", "SRANDMEMBER s 3", "SPOP s 2", "RANDOMKEY"];
  expect(script.map(one.do)).toEqual(script.map(other.do));
});
