import { describe, expect, it } from "vitest";
import { segmentEvents } from "../../../test/support/segment-events.js";
import { DISPLAY } from "../base/display.js";
import { us } from "../base/units.js";
import { journeysOf } from "../trace/journey.js";
import { messagesOf } from "../trace/message.js";
import { MessageList } from "../trace/message-list.js";
import { fanOut } from "./fan-out.js";
import { sequence } from "./sequence.js";

const CHAT = "172.18.0.11:5000";
const json = JSON.stringify({
  id: "c0ffee-1795230720000",
  room: "lobby",
  name: "alice",
  text: "<hello>",
  time: 1,
});
const published = `*3\r\n$7\r\nPUBLISH\r\n$4\r\nchat\r\n$${json.length}\r\n${json}\r\n`;
const list = new MessageList(
  messagesOf(
    journeysOf([
      ...segmentEvents({
        from: "203.0.113.9:49152",
        to: "192.168.56.101:5000",
        places: ["client", "chat-a"],
        data: "POST /messages HTTP/1.1\r\nContent-Length: 12\r\nContent-Type: text/plain\r\n\r\ntext=<hello>",
        sequence: 1,
        nat: [{ what: "destination", before: "192.168.56.101:5000", after: CHAT }],
      }),
      ...segmentEvents({
        from: "172.18.0.11:43210",
        to: "172.18.0.100:6379",
        places: ["chat-a", "redis"],
        data: published,
        sequence: 1,
      }),
    ]),
  ),
);

describe("a sequence of messages", () => {
  it("has what they say above the arrows, the place that was looked for first, and the addresses on each stretch below", async () => {
    const drawing = sequence(list.find("hello"));
    const svg = await drawing.svg();
    expect(svg).toContain("Messages in the order of time");
    expect(svg).toContain("POST /messages text=&lt;hello&gt;");
    expect(svg).toMatch(/PUBLISH chat [^<]*…[^<]*&lt;hello&gt;/);
    expect(svg).toContain(">172.18.0.11:5000</tspan>");
    expect(svg).not.toContain("<hello>");
    expect(String(drawing)).toBe(
      "2 messages between client, host, chat-a, redis, in the order of time: 5 hops, 110 µs.",
    );
  });
});

describe("fan-out", () => {
  const points = [
    { nodes: 2, delays: [us(90), us(60)] },
    { nodes: 4, delays: [us(60), us(90), us(120)] },
    { nodes: 8, delays: [] },
  ];

  it("has a line for the first, the middle and the last to hear, and says who never did", async () => {
    const bundle = await fanOut(points)[DISPLAY]();
    const { data } = bundle["application/vnd.plotly.v1+json"] as {
      data: { name?: string; x: number[]; y: number[] }[];
    };
    expect(data.map(({ name, x, y }) => [name, x, y])).toEqual([
      [undefined, [2, 2, 4, 4, 4], [0.06, 0.09, 0.06, 0.09, 0.12]],
      ["the first", [2, 4], [0.06, 0.06]],
      ["the middle one", [2, 4], [0.06, 0.09]],
      ["the last", [2, 4], [0.09, 0.12]],
    ]);
    expect(bundle["text/plain"]).toBe(
      "Modelled time until all have one message, by chat nodes. 2 in 90.0 µs, 4 in 120 µs (1 never).",
    );
  });

  it("takes several series, and refuses a message that nobody got", () => {
    const figure = fanOut({ near: points, far: points.slice(0, 1) }, { what: "listeners" });
    expect(figure.spec.data).toHaveLength(8);
    expect(figure.description).toContain(
      "by listeners. near: 2 in 90.0 µs, 4 in 120 µs (1 never). far: 2 in 90.0 µs.",
    );
    expect(() => fanOut([{ nodes: 2, delays: [] }])).toThrow("fanOut needs a message that somebody got");
  });
});
