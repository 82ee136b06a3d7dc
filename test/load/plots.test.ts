import { describe, expect, test } from "vitest";
import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import { LoadRecord } from "../../kernel-lib/src/lab/load/record.js";
import type { Replica } from "../../kernel-lib/src/lab/load/replicas.js";
import { LoadResult } from "../../kernel-lib/src/lab/load/result.js";
import type { Figure } from "../../kernel-lib/src/plot/figure.js";
import { latency, loadSeries, paths, spread } from "../../kernel-lib/src/plot/plot.js";

const REPLICAS: readonly Replica[] = [
  { name: "web.1", machine: "docker01" },
  { name: "web.2", machine: "docker03" },
];

/** Requests every 100 ms at two nodes in turn, answered by two replicas in turn pair by pair; every tenth fails. */
function load(rate = 10, factor = 1): LoadResult {
  const record = new LoadRecord(() => {});
  for (let i = 0; i < 40; i++) {
    const request = record.begin(i * ms(100), i % 2);
    if (i % 10 === 9) record.failed(request, "timed out");
    else record.answered(request, i * ms(100) + ms(factor * (1 + (i % 3))), `Hello, ${(i >> 1) % 2}`);
  }
  return new LoadResult({
    record,
    replicas: REPLICAS,
    entries: [
      { host: "192.168.56.100", machine: "docker01" },
      { host: "192.168.56.101", machine: "docker02" },
    ],
    startedAt: 0,
    endedAt: seconds(4),
    rate,
    machines: [{ machine: "docker01", utilisation: 0.25 }],
  });
}

test("a result counts, and says its quantiles", () => {
  const result = load();
  expect(result.replicas.map(({ name, requests }) => [name, requests])).toEqual([
    ["web.1", 18],
    ["web.2", 18],
  ]);
  expect(result.failures).toEqual({ "timed out": 4 });
  expect([0.01, 0.5, 1].map((share) => result.quantile(share))).toEqual([ms(1), ms(2), ms(3)]);
  expect(result.series(seconds(1)).map(({ byReplica, failed }) => [...byReplica, failed])).toEqual([
    [5, 4, 1],
    [4, 5, 1],
    [5, 4, 1],
    [4, 5, 1],
  ]);
  expect(String(result)).toBe(`40 requests at 10 a second: 36 answered, 4 failed
answered by  on        requests   share   median     99 %
web.1        docker01        18  50.0 %  2.00 ms  3.00 ms
web.2        docker03        18  50.0 %  2.00 ms  3.00 ms
modelled latency: half of the answers within 2.00 ms, 90 % within 3.00 ms, 99 % within 3.00 ms
processors asked for: docker01 25.0 %
failed: timed out: 4`);
});

describe("plots of loads", () => {
  const PLOTS: readonly (readonly [string, () => Figure, string])[] = [
    [
      "spread of one",
      () => spread(load()),
      "Requests by replica. web.1 on docker01 18, web.2 on docker03 18.",
    ],
    [
      "spread of two",
      () => spread({ rr: load(), sh: load() }, { title: "Two schedulers" }),
      "Two schedulers. rr: web.1 on docker01 18, web.2 on docker03 18. sh: web.1 on docker01 18, web.2 on docker03 18.",
    ],
    [
      "latency",
      () => latency([load(20, 3), load(10)], { quantiles: [0.5, 0.99] }),
      "Modelled latency against the load. at 10 requests a second median 2.00 ms, 99 % 3.00 ms; at 20 requests a second median 6.00 ms, 99 % 9.00 ms.",
    ],
    [
      "paths",
      () => paths(load()),
      "Requests by entry node and replica. in at docker01 (192.168.56.100), answered by web.1 on docker01: 10; in at docker01 (192.168.56.100), answered by web.2 on docker03: 10; in at docker02 (192.168.56.101), answered by web.1 on docker01: 8; in at docker02 (192.168.56.101), answered by web.2 on docker03: 8.",
    ],
    [
      "series",
      () => loadSeries(load(), { events: { "docker kill": seconds(2) } }),
      "Requests over time, by who answered: web.1 18, web.2 18, no answer 4. docker kill after 2.00 s.",
    ],
  ];

  test.each(PLOTS)("%s: said in words, drawn the same each time", async (_, draw, words) => {
    expect(draw().description).toBe(words);
    const svg = await draw().svg();
    expect(svg).toMatch(/^<svg [^>]*role="img"/);
    expect(svg).not.toContain("NaN");
    expect(await draw().svg()).toBe(svg);
  });
});
