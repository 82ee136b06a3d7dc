import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { serveRedis } from "../../kernel-lib/src/cli/redis-loopback.js";
import { describeWith } from "../support/requirement.js";
import { RawClient } from "./support/raw-client.js";
import { unordered } from "./support/reply-text.js";
import { REAL_REDIS, realRedis, type Server } from "./support/servers.js";

const KEYS = ["a", "b", "c", "d"];
const MEMBERS = [
  "1",
  "2",
  "3",
  "-7",
  "x",
  "y",
  "zz",
  "long-member-of-more-than-44-bytes-in-all-as-it-is-written",
];
const NUMBERS = [
  "0",
  "1",
  "-1",
  "2",
  "-3",
  "5",
  "10",
  "3.5",
  "-inf",
  "+inf",
  "1e3",
  "9223372036854775807",
  "no",
];

/**
 * Shapes of commands, parted by semicolons: `K` a key, `M` a member, `N` a number, `L` a bound of members, `M+` one to four members; one of the words that a bar parts; what is
 * in brackets comes or not.
 */
const SHAPES = `
SET K M [NX|XX] [GET] [KEEPTTL]; SET K M; SETNX K M; GETSET K M; GETDEL K; GET K; STRLEN K; APPEND K M; TYPE K; EXISTS K; DEL K;
GETRANGE K N N; SETRANGE K 3 M; INCR K; DECRBY K N; INCRBY K N; INCRBYFLOAT K N; MSET K M K M; MSETNX K M K M; MGET K K;
OBJECT ENCODING K; RENAME K K; RENAMENX K K; COPY K K [REPLACE]; LPUSH K M+; RPUSH K M+; LPUSHX K M; RPUSHX K M+; LLEN K; LRANGE K N N; LINDEX K N;
LSET K N M; LPOP K [N]; RPOP K [N]; LTRIM K N N; LREM K N M; LINSERT K BEFORE|AFTER M M; LPOS K M [RANK N] [COUNT N] [MAXLEN N];
LMOVE K K LEFT|RIGHT LEFT|RIGHT; RPOPLPUSH K K; LMPOP 2 K K LEFT|RIGHT [COUNT N]; HSET K M M M M; HSETNX K M M; HGET K M; HMGET K M+; HGETALL K;
HDEL K M+; HLEN K; HKEYS K; HVALS K; HINCRBY K M N; HINCRBYFLOAT K M N; SADD K M+; SREM K M+; SCARD K; SISMEMBER K M; SMISMEMBER K M+; SMOVE K K M;
SMEMBERS K; SINTER K K; SUNION K K; SDIFF K K; SINTERSTORE K K K; SUNIONSTORE K K K; SDIFFSTORE K K K; SINTERCARD 2 K K [LIMIT N];
ZADD K [NX|XX] [GT|LT] [CH] [INCR] N M; ZADD K N M N M N M; ZADD K N M; ZINCRBY K N M; ZREM K M+; ZCARD K; ZSCORE K M; ZMSCORE K M+; ZRANK K M;
ZREVRANK K M; ZRANGE K N N [REV] [WITHSCORES]; ZRANGE K N N BYSCORE [REV] [LIMIT N N] [WITHSCORES]; ZADD lex 0 M; ZADD lex 0 M 0 M; ZREM lex M; ZRANGE lex L L BYLEX [REV]; ZLEXCOUNT lex L L;
ZCOUNT K N N; ZPOPMIN K [N]; ZPOPMAX K [N]; ZRANGESTORE K K N N [BYSCORE]; ZREMRANGEBYSCORE K N N; ZREMRANGEBYRANK K N N; ZREMRANGEBYLEX lex L L;
ZUNIONSTORE K 2 K K [WEIGHTS N N] [AGGREGATE MIN|MAX|SUM]; ZINTERSTORE K 2 K K; ZDIFFSTORE K 2 K K; ZUNION 2 K K WITHSCORES; ZINTER 2 K K WITHSCORES;
ZDIFF 2 K K WITHSCORES; ZINTERCARD 2 K K; ZMPOP 2 K K MIN|MAX [COUNT N]; SORT K ALPHA; SORT K; SORT K ALPHA DESC STORE K; SETBIT K 9 1; GETBIT K 9;
BITCOUNT K [N N]; BITPOS K 1 [N]; BITOP XOR|AND|OR K K K; BITFIELD K INCRBY u4 #1 7 GET i8 0; PERSIST K; TTL K; EXPIRE K 1000 [NX|XX|GT|LT]
`
  .split(";")
  .map((shape) => shape.trim());
/** Their answers have the order of a hash table. */
const FREE = /^(SMEMBERS|SINTER|SUNION|SDIFF|HGETALL|HKEYS|HVALS)$/;

/** Fills a shape by choices that come from outside. */
function filled(shape: string, choices: readonly number[]): string[] {
  let next = 0;
  const choose = (count: number) => choices[next++ % choices.length]! % count;
  const pick = (list: readonly string[]) => list[choose(list.length)]!;
  const words = shape
    .replace(/\[[^\]]*\]/g, (group) => (choose(3) === 0 ? group.slice(1, -1) : ""))
    .split(/ +/);
  return words
    .filter((word) => word !== "")
    .flatMap((word) => {
      if (word === "K") return pick(KEYS);
      if (word === "M") return pick(MEMBERS);
      if (word === "N") return pick(NUMBERS);
      if (word === "L")
        return pick(["-", "+", "[", "("].map((sign) => (/[[(]/.test(sign) ? sign + pick(MEMBERS) : sign)));
      if (word === "M+") return Array.from({ length: 1 + choose(4) }, () => pick(MEMBERS));
      return pick(word.split("|"));
    });
}

const commands = fc.array(
  fc
    .tuple(fc.constantFrom(...SHAPES), fc.array(fc.nat(10_000), { minLength: 16, maxLength: 16 }))
    .map(([shape, choices]) => filled(shape, choices)),
  { minLength: 20, maxLength: 60 },
);

describeWith(
  "random commands have the same answers from the embedded server and redis-server",
  REAL_REDIS,
  () => {
    let servers: readonly Server[];
    beforeAll(async () => {
      servers = [await realRedis(), await serveRedis()];
    });
    afterAll(async () => {
      for (const server of servers) await server.close();
    });

    async function play(port: number, version: 2 | 3, script: readonly string[][]): Promise<string[]> {
      const client = await RawClient.open(port, version);
      await client.send(["FLUSHALL"]);
      const replies = await Promise.all(script.map((args) => client.send(args)));
      client.close();
      return script.map(
        (args, i) => `${args.join(" ")} → ${FREE.test(args[0]!) ? unordered(replies[i]!) : replies[i]}`,
      );
    }

    it.each([2, 3] as const)("RESP%i", async (version) => {
      await fc.assert(
        fc.asyncProperty(commands, async (script) => {
          const [real, embedded] = await Promise.all(servers.map(({ port }) => play(port, version, script)));
          expect(embedded).toEqual(real);
        }),
        { seed: 7 + version, numRuns: 150 },
      );
    });
  },
);
