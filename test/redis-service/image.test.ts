import { describe, expect, it } from "vitest";
import { redisLab } from "./scene.js";

/** A line of the log without its time. */
function untimed(text: string): string[] {
  return text.split("\n").map((line) => line.replace(/^(\d+:[CM]) \d\d \w{3} \d{4} [\d:.]+/, "$1"));
}

const START = [
  "1:C # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo",
  "1:C # Redis version=7.0.15, bits=64, commit=00000000, modified=0, pid=1, just started",
];

describe("the image redis", () => {
  it("logs, keeps its keys in dump.rdb over a stop and a start, and ends well at SIGTERM", async () => {
    const { run, start, cli } = await redisLab();
    await start();
    const log = untimed((await run("docker logs redis")).text);
    expect(log.slice(0, 6)).toEqual([
      ...START,
      "1:C # Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf",
      "1:M * monotonic clock: POSIX clock_gettime",
      "1:M * Running mode=standalone, port=6379.",
      "1:M # Server initialized",
    ]);
    expect(log.at(-1)).toBe("1:M * Ready to accept connections");
    await cli("mset a 1 b 'two words'");
    await cli("rpush list x y z");
    await cli("sadd set 3 1 2");
    await cli("hset hash f v");
    await cli("zadd zset 1.5 one -inf low");
    await cli("set passing x px 10000000");
    expect((await run("docker top redis")).text).toContain("redis-server *:6379");
    await run("docker stop redis");
    const ended = untimed((await run("docker logs redis")).text).slice(-5);
    expect(ended[0]).toMatch(/^1:signal-handler \(\d+\) Received SIGTERM scheduling shutdown\.\.\.$/);
    expect(ended.slice(1)).toEqual([
      "1:M # User requested shutdown...",
      "1:M * Saving the final RDB snapshot before exiting.",
      "1:M * DB saved on disk",
      "1:M # Redis is now ready to exit, bye bye...",
    ]);
    expect((await run("docker inspect -f '{{.State.ExitCode}}' redis")).text).toBe("0");
    await run("docker start redis");
    expect(untimed((await run("docker logs redis")).text).slice(-3)).toEqual([
      "1:M * Done loading RDB, keys loaded: 7, keys expired: 0.",
      "1:M * DB loaded from disk: 0.000 seconds",
      "1:M * Ready to accept connections",
    ]);
    expect((await cli("get b")).text).toBe("two words");
    expect((await cli("lrange list 0 -1")).text).toBe("x\ny\nz");
    expect((await cli("smembers set")).text).toBe("1\n2\n3");
    expect((await cli("hgetall hash")).text).toBe("f\nv");
    expect((await cli("zrange zset 0 -1 withscores")).text).toBe("low\n-inf\none\n1.5");
    expect(Number((await cli("pttl passing")).text)).toBeGreaterThan(9_000_000);
  });

  it("takes options, a password, another port, and says what it does not take", async () => {
    const { run, cli } = await redisLab();
    await run("docker run -d --name redis redis:7 --save '' --requirepass secret --port 7000");
    expect((await run("docker logs redis")).text).toContain("# Configuration loaded");
    expect((await cli("-p 7000 ping")).text).toBe("NOAUTH Authentication required.\n");
    expect(await cli("-p 7000 -a secret ping")).toMatchObject({
      text: "PONG",
      stderr:
        "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n",
    });
    expect(
      (await run("docker exec -e REDISCLI_AUTH=secret redis redis-cli -p 7000 config get save")).text,
    ).toBe("save\n");
    expect(await cli("ping")).toMatchObject({
      status: 1,
      stderr: "Could not connect to Redis at 127.0.0.1:6379: Connection refused\n",
    });
    for (const [options, why] of [
      ["--bogus 1", `>>> 'bogus "1"'\nBad directive or wrong number of arguments\n`],
      ["--port x", `>>> 'port "x"'\nargument couldn't be parsed into an integer\n`],
      ["--appendonly yes", `>>> 'appendonly "yes"'\nappendonly yes is not supported here\n`],
      ["/etc/none.conf", "Fatal error, can't open config file '/etc/none.conf': No such file or directory\n"],
    ] as const) {
      const { status, stderr } = await run(`docker run --rm redis ${options}`);
      expect([options, status, stderr.endsWith(why)]).toEqual([options, 1, true]);
    }
  });

  it("is reached by a published port, and writes by its save points", async () => {
    const { run, start, lab } = await redisLab("--save 1 2");
    await start();
    expect((await run("printf 'SET a 1\\r\\nINCR a\\r\\n' | nc -q 1 127.0.0.1 6379")).text).toBe(
      "+OK\r\n:2\r",
    );
    lab.wait(3e9);
    const log = untimed((await run("docker logs redis")).text);
    expect(log).toContain("1:M * 2 changes in 1 seconds. Saving...");
    expect(log).toContain("1:M * Background saving terminated with success");
  });
});
