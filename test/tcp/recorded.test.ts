import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ms, seconds, us } from "../../kernel-lib/src/base/units.js";
import type { TcpSocket } from "../../kernel-lib/src/socket/tcp/tcp-socket.js";
import { Link, RIGHT } from "./link.js";

const RECORDED = new URL(
  "../oracle/single-host/03-container-to-container/http-tx-offload-off-curl-container-eth0.tcpdump.txt",
  import.meta.url,
);

/** The capture's TCP lines in the form of the link's own: who, flags, length, window, options; numbers that differ each time left out. */
function recordedLines(): string[] {
  const lines: string[] = [];
  for (const line of readFileSync(RECORDED, "utf8").split("\n")) {
    const match = /^ +(\S+) > \S+ Flags (\[\S+\]), .*win (\d+), options \[(.*)\], length (\d+)$/.exec(line);
    if (match === null) continue;
    const [, from = "", flags = "", window = "", options = "", length = ""] = match;
    const words = options.split(",").filter((word) => word !== "nop");
    const kept = words.map((word) => word.replace(/^TS val.*/, "TS"));
    lines.push(
      `${from.startsWith("172.17.0.2") ? ">" : "<"} ${flags} len ${length} win ${window} [${kept.join(",")}]`,
    );
  }
  return lines;
}

/** The letters of flags in tcpdump's order. */
function sorted(line: string): string {
  return line.replace(
    /\[([FSRP.]+)\]/,
    (_whole, letters: string) => `[${["F", "S", "R", "P", "."].filter((l) => letters.includes(l)).join("")}]`,
  );
}

function listen(link: Link): TcpSocket {
  const listener = link.right.tcp.socket();
  listener.bind(0, 5000);
  listener.listen(9);
  return listener;
}

test("one HTTP request is the segments that Linux sent: flags, lengths, windows, options", () => {
  const link = new Link(7);
  link.recording = true;
  const listener = listen(link);
  const client = link.left.tcp.socket();
  client.connect(RIGHT, 5000);
  link.run(ms(7));
  client.send(new Uint8Array(79));
  link.run(ms(6));
  const server = listener.accept()!;
  expect(server.receive()?.length).toBe(79);
  server.send(new Uint8Array(209));
  server.send(new Uint8Array(24));
  link.run(us(600));
  expect(client.receive()?.length).toBe(233);
  client.close();
  link.run(ms(17));
  expect(server.receive()?.length).toBe(0);
  server.close();
  link.run(ms(1));
  const recorded = recordedLines();
  expect(recorded).toHaveLength(12);
  expect(link.lines.map(sorted)).toEqual(recorded.map(sorted));
  expect(link.left.tcp.list().map(({ state }) => state)).toEqual(["TIME_WAIT"]);
  link.run(seconds(61));
  expect(link.left.tcp.list()).toEqual([]);
});

describe("timers and errors", () => {
  test("a SYN that nobody answers is sent at 0, 1, 3, 7, 15, 31 and 63 s; the end is at 127 s", () => {
    const link = new Link(1);
    const times: number[] = [];
    link.lose = (line) => {
      if (line.includes("[S]")) times.push(link.world.scheduler.now / 1e9);
      return true;
    };
    const client = link.left.tcp.socket();
    client.connect(RIGHT, 5000);
    link.run(seconds(126.9));
    expect(client.state).toBe("SYN_SENT");
    link.run(seconds(0.2));
    expect(times).toEqual([0, 1, 3, 7, 15, 31, 63]);
    expect(client.error).toBe("ETIMEDOUT");
  });

  test("a closed port resets at once: sequence 0, acknowledgement one more", () => {
    const link = new Link(1);
    link.recording = true;
    const client = link.left.tcp.socket();
    client.connect(RIGHT, 81);
    link.run(ms(1));
    expect(client.error).toBe("ECONNREFUSED");
    expect(link.lines[1]).toBe("< [R.] len 0 win 0 []");
  });

  test("a reader that stops closes the window; probes find it open again", () => {
    const link = new Link(1);
    const listener = listen(link);
    const client = link.left.tcp.socket();
    client.connect(RIGHT, 5000);
    link.run(ms(1));
    const server = listener.accept()!;
    const all = 300_000;
    let sent = 0;
    let got = 0;
    for (let i = 0; i < 50; i++) {
      sent += client.send(new Uint8Array(all - sent));
      link.run(seconds(1));
    }
    expect(sent).toBeLessThan(all);
    for (let i = 0; i < 2000 && got < all; i++) {
      got += server.receive(10_000)?.length ?? 0;
      if (sent < all) sent += client.send(new Uint8Array(all - sent));
      link.run(ms(100));
    }
    expect(got).toBe(all);
  });

  test("simultaneous close ends in CLOSING and TIME_WAIT on both sides", () => {
    const link = new Link(1);
    const listener = listen(link);
    const client = link.left.tcp.socket();
    client.connect(RIGHT, 5000);
    link.run(ms(1));
    const server = listener.accept()!;
    client.close();
    server.close();
    link.run(seconds(1));
    expect([client.state, server.state]).toEqual(["TIME_WAIT", "TIME_WAIT"]);
    link.run(seconds(60));
    expect(link.left.tcp.list()).toEqual([]);
  });

  test("a full accept queue lets no more connections in", () => {
    const link = new Link(1);
    const listener = link.right.tcp.socket();
    listener.bind(0, 5000);
    listener.listen(1);
    const clients = Array.from({ length: 5 }, () => link.left.tcp.socket());
    for (const client of clients) client.connect(RIGHT, 5000);
    link.run(ms(500));
    expect(link.right.tcp.list().filter(({ state }) => state === "ESTABLISHED")).toHaveLength(2);
  });
});
