import { describe, expect, it } from "vitest";
import { DISPLAY } from "../base/display.js";
import type { TraceEvent } from "./events.js";
import { journeysOf } from "./journey.js";

const at = (journey: number, ns: number, netns: string, branch = 0) => ({
  journey,
  branch,
  at: ns,
  machine: "docker01",
  netns,
});

const EVENTS: TraceEvent[] = [
  { ...at(1, 100, "a"), kind: "born", by: "kernel", summary: "ARP who-has 172.17.0.3", cause: 2 },
  { ...at(2, 50, "a"), kind: "born", by: "socket", summary: "TCP SYN", cause: 0 },
  {
    ...at(2, 90, "a"),
    kind: "neighbour",
    address: 0xac110003,
    device: "eth0",
    state: "INCOMPLETE",
    mac: null,
    queued: true,
  },
  {
    ...at(1, 300, "docker01"),
    kind: "bridge",
    bridge: "docker0",
    port: "veth1",
    destination: 0xffffffffffff,
    fdb: "group",
    out: ["docker0", "veth2"],
    learned: "new",
  },
  { ...at(1, 400, "docker01", 1), kind: "drop", reason: "OTHERHOST", where: "docker0" },
  { ...at(1, 600, "b"), kind: "deliver", protocol: "arp", to: "kernel" },
  { ...at(2, 1_500, "a"), kind: "resolved", address: 0xac110003, mac: 0x0242ac110003, waited: 1_410 },
];

describe("journeys", () => {
  const [syn, arp] = journeysOf(EVENTS);

  it("sort events by packet, and packets by the time at which they were made", () => {
    expect([syn!.summary, arp!.summary]).toEqual(["TCP SYN", "ARP who-has 172.17.0.3"]);
    expect(arp!.cause).toBe(syn!.id);
    expect(arp!.path).toEqual(["a", "docker01", "b"]);
  });

  it("know every copy's end", () => {
    expect(arp!.delivered).toBe(true);
    expect(arp!.fates).toEqual([
      { kind: "drop", reason: "OTHERHOST", where: "docker0", machine: "docker01", netns: "docker01" },
      { kind: "delivered", to: "kernel", machine: "docker01", netns: "b" },
    ]);
    expect(arp!.duration).toBe(500);
    expect(syn!.fates).toEqual([{ kind: "under way" }]);
  });

  it("count the time of each branch on its own", () => {
    expect(arp!.hops.map((hop) => [hop.branch, hop.since, hop.spent])).toEqual([
      [0, 0, 0],
      [0, 200, 200],
      [1, 300, 100],
      [0, 500, 300],
    ]);
  });

  it("print as a table", () => {
    expect(syn!.table().toString()).toBe(
      [
        "TCP SYN",
        "#     time        +  where  stage    what happens",
        "1     0 ns     0 ns  a      program  TCP SYN",
        "2    40 ns    40 ns  a      ARP      172.17.0.3 is not known (INCOMPLETE): waits for an ARP answer",
        "3  1.45 µs  1.41 µs  a      ARP      172.17.0.3 is at 02:42:ac:11:00:03: goes on after 1.41 µs",
      ].join("\n"),
    );
  });

  it("escape what a packet may carry in HTML", () => {
    const [odd] = journeysOf([
      { ...at(1, 0, "a"), kind: "born", by: "socket", summary: "<script>", cause: 0 },
    ]);
    const html = odd!.table()[DISPLAY]()["text/html"] as string;
    expect(html).toContain("&lt;script&gt;");
    expect(html).not.toContain("<script>");
  });
});
