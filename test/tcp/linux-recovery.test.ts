import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import type { TcpSocket } from "../../kernel-lib/src/socket/tcp/tcp-socket.js";
import { Link, RIGHT } from "./link.js";

const recorded = (name: string) => readFileSync(new URL(`../oracle/tcp/${name}`, import.meta.url), "utf8");

interface Dialogue {
  readonly name: string;
  /** How often segments of a size are lost. */
  readonly losses: ReadonlyMap<number, number>;
  readonly writes: readonly number[];
  /** Data segments in the order in which they left: milliseconds, and relative sequence numbers. */
  readonly segments: readonly { readonly at: number; readonly range: string }[];
}

function dialogues(): Dialogue[] {
  const parts = recorded("recovery.txt").split(/^== /m).slice(1);
  return parts.map((part) => {
    const [head = "", ...lines] = part.trim().split("\n");
    const [name = "", losses = "", writes = ""] = head.split(" | ");
    return {
      name,
      losses: new Map(losses.split(",").map((pair) => pair.split(":").map(Number) as [number, number])),
      writes: writes.split(" ").map(Number),
      segments: lines.map((line) => ({ at: Number(line.split(" ")[0]), range: line.split(" ")[1]! })),
    };
  });
}

function connect(link: Link): { sender: TcpSocket; receiver: TcpSocket } {
  const listener = link.right.tcp.socket();
  listener.bind(0, 5000);
  listener.listen(1);
  const sender = link.left.tcp.socket();
  sender.connect(RIGHT, 5000);
  link.run(ms(300));
  const receiver = listener.accept()!;
  const read = () => {
    while ((receiver.receive()?.length ?? 0) > 0);
    receiver.wait.add(read);
  };
  read();
  return { sender, receiver };
}

/** Plays what the recording's programs did over a wire that loses the same segments. */
function play({ losses, writes }: Dialogue): Dialogue["segments"] {
  const link = new Link(1, {}, 1500, ms(20));
  const left = new Map(losses);
  const segments: { at: number; range: string }[] = [];
  let began = -1;
  link.lose = (line) => {
    const { now } = link.world.scheduler;
    const length = Number(/len (\d+)/.exec(line)![1]);
    if (!line.startsWith(">") || length === 0 || began < 0) return false;
    segments.push({ at: (now - began) / 1e6, range: link.lastRange });
    const more = left.get(length) ?? 0;
    left.set(length, more - 1);
    return more > 0;
  };
  const { sender } = connect(link);
  sender.options.noDelay = true;
  sender.send(new Uint8Array(100));
  link.run(ms(500));
  began = link.world.scheduler.now;
  for (const length of writes) sender.send(new Uint8Array(length));
  link.run(seconds(8));
  return segments;
}

describe("lost segments are sent again as Linux sends them again", () => {
  test.each(dialogues().map((dialogue) => [dialogue.name, dialogue] as const))("%s", (_name, dialogue) => {
    const ours = play(dialogue);
    expect(ours.map(({ range }) => range)).toEqual(dialogue.segments.map(({ range }) => range));
    for (const [i, { at }] of ours.entries()) {
      const real = dialogue.segments[i]!.at;
      expect([i, real - at > -25 && real - at < 30 + real * 0.13, at, real]).toEqual([i, true, at, real]);
    }
  });
});

test("a closed window is probed as often as Linux probes it, by a bare acknowledgement of something old", () => {
  const times = recorded("zero-window.txt")
    .split("\n")
    .filter((line) => /^\d/.test(line))
    .map(Number);
  const link = new Link(1, {}, 1500, ms(20));
  const listener = link.right.tcp.socket();
  listener.bind(0, 5000);
  listener.listen(1);
  const sender = link.left.tcp.socket();
  sender.connect(RIGHT, 5000);
  link.run(ms(300));
  let closed = -1;
  const probes: { at: number; range: string }[] = [];
  link.lose = (line) => {
    const { now } = link.world.scheduler;
    if (line.startsWith("< ") && line.includes(" win 0 ") && closed < 0) closed = now + ms(20);
    else if (line.startsWith(">") && closed > 0)
      probes.push({ at: (now - closed) / 1e6, range: `${link.lastRange} ${line.includes("len 0")}` });
    return false;
  };
  let sent = 0;
  for (let i = 0; i < 80; i++) {
    sent += sender.send(new Uint8Array(180_000 - sent));
    link.run(ms(100));
  }
  const all = sent - link.left.tcp.list()[0]!.sendQueue;
  expect(times).toHaveLength(4);
  expect(probes.length).toBeGreaterThanOrEqual(4);
  for (const [i, real] of times.entries()) {
    expect(probes[i]!.range).toBe(`${all}:${all} true`);
    expect(Math.abs(probes[i]!.at - real) / real).toBeLessThan(0.25);
  }
});

/** Seconds that 10 MB take one way. */
function transfer(seed: number, delay: number, loss: number): number {
  const link = new Link(seed, {}, 1500, delay);
  const chance = link.world.random.fork("loss of data");
  if (loss > 0) link.lose = (line) => line.startsWith(">") && chance.unit() < loss;
  const { sender, receiver } = connect(link);
  const began = link.world.scheduler.now;
  const chunk = new Uint8Array(65536);
  let sent = 0;
  const write = () => {
    for (let taken = -1; taken !== 0 && sent < 10_000_000; sent += taken)
      taken = sender.send(chunk.subarray(0, 10_000_000 - sent));
    if (sent < 10_000_000) sender.wait.add(write);
    else sender.shutdown();
  };
  write();
  while (receiver.state !== "CLOSE_WAIT") link.run(ms(1));
  return (link.world.scheduler.now - began) / 1e9;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

describe("10 MB over a way that loses take about the time that they take Linux", () => {
  const real = (delay: number, loss: number) =>
    [...recorded("ten-megabytes.txt").matchAll(new RegExp(`^${delay} ms, ${loss} %: ([\\d.]+)`, "gm"))].map(
      ([, time]) => Number(time),
    );
  test.each([
    [10, 1],
    [10, 5],
    [1, 5],
  ])("%d ms each way, %d per cent lost", (delay, loss) => {
    const ours = median([1, 2, 3].map((seed) => transfer(seed, ms(delay), loss / 100)));
    const theirs = median(real(delay, loss));
    expect(real(delay, loss)).toHaveLength(5);
    expect(ours / theirs).toBeGreaterThan(0.6);
    expect(ours / theirs).toBeLessThan(1.6);
  });
});
