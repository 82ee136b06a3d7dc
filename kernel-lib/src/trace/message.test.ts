import { describe, expect, it } from "vitest";
import { type SentSegment, segmentEvents } from "../../../test/support/segment-events.js";
import { DISPLAY } from "../base/display.js";
import { journeysOf } from "./journey.js";
import { messagesOf } from "./message.js";
import { excerpt, MessageList } from "./message-list.js";

const say = (sent: readonly SentSegment[]) =>
  new MessageList(messagesOf(journeysOf(sent.flatMap(segmentEvents))));
const rows = (list: MessageList) => [...list].map(({ protocol, kind, text }) => [protocol, kind, text]);

const CLIENT = "203.0.113.9:49152";
const CHAT = "172.18.0.11:5000";
const REDIS = "172.18.0.100:6379";
const web = { from: CLIENT, to: CHAT, places: ["client", "chat-a"] } as const;
const back = { from: CHAT, to: CLIENT, places: ["chat-a", "client"] } as const;
const asks = { from: "172.18.0.11:43210", to: REDIS, places: ["chat-a", "redis"] } as const;
const answers = { from: REDIS, to: "172.18.0.11:43210", places: ["redis", "chat-a"] } as const;
/** `Hello` as a client sends it, from RFC 6455 §5.7, and as a server does. */
const MASKED = Uint8Array.of(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58);
const PLAIN = Uint8Array.of(0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f);
const UPGRADE = "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const SWITCHED = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

describe("messages", () => {
  it("are found by what the bytes say, whatever the port", () => {
    const list = say([
      { ...web, sequence: 1, data: UPGRADE },
      { ...back, sequence: 1, data: SWITCHED },
      { ...web, sequence: 1 + UPGRADE.length, data: MASKED },
      { ...asks, sequence: 1, data: "*3\r\n$7\r\nPUBLISH\r\n$4\r\nchat\r\n$5\r\nHello\r\n" },
      { ...answers, sequence: 1, data: ":1\r\n*3\r\n$7\r\nmessage\r\n$4\r\nchat\r\n$5\r\nHello\r\n" },
      { ...back, sequence: 1 + SWITCHED.length, data: PLAIN },
    ]);
    expect(rows(list)).toEqual([
      ["HTTP", "request", "GET /ws (upgrade to websocket)"],
      ["HTTP", "response", "101 Switching Protocols"],
      ["WebSocket", "text", "Hello"],
      ["RESP", "command", "PUBLISH chat Hello"],
      ["RESP", "reply", "(integer) 1"],
      ["RESP", "push", "message chat Hello"],
      ["WebSocket", "text", "Hello"],
    ]);
    expect(rows(list.find("Hello")).map(([protocol]) => protocol)).toEqual([
      "WebSocket",
      "RESP",
      "RESP",
      "WebSocket",
    ]);
    expect(list.first("RESP push").from.netns).toBe("redis");
    expect(() => list.first("Bye")).toThrow(
      'no message of this trace is "Bye"; there are:\n  HTTP request GET /ws',
    );
  });

  it("begin in the middle of a connection as well", () => {
    expect(rows(say([{ ...web, sequence: 4_294_967_290, data: MASKED }]))).toEqual([
      ["WebSocket", "text", "Hello"],
    ]);
    expect(rows(say([{ ...answers, sequence: 7, data: ">3\r\n+message\r\n+chat\r\n+Hello\r\n" }]))).toEqual([
      ["RESP", "push", "message chat Hello"],
    ]);
    expect(rows(say([{ ...back, sequence: 7, data: "d\r\ndata: Hello\n\n\r\n" }]))).toEqual([
      ["HTTP", "event", "data: Hello"],
    ]);
  });

  it("are put together from segments, over the end of the sequence numbers", () => {
    const [message] = say([
      { ...web, sequence: -4, data: MASKED.slice(0, 6) },
      { ...web, sequence: 2, data: MASKED.slice(6) },
    ]);
    expect(message).toMatchObject({ text: "Hello", length: 11, took: 110_000 });
    expect(message!.journeys).toHaveLength(2);
  });

  it("arrive with the segment that was sent again", () => {
    const [first, second] = say([
      { ...web, sequence: 1, data: MASKED, places: ["client"] },
      { ...web, sequence: 12, data: MASKED },
      { ...web, sequence: 1, data: MASKED },
    ]);
    expect([first!.took, second!.took]).toEqual([210_000, 10_000]);
    expect(first!.journeys).toHaveLength(2);
    const [never] = say([{ ...web, sequence: 1, data: MASKED, places: ["client"] }]);
    expect([never!.took, never!.to, String(never)]).toEqual([
      null,
      null,
      expect.stringContaining("did not arrive"),
    ]);
  });

  it("have their addresses before and behind each translation", () => {
    const nat = [{ what: "destination", before: "192.168.56.101:5000", after: CHAT }] as const;
    const list = say([{ ...web, to: "192.168.56.101:5000", sequence: 1, data: MASKED, nat }]);
    const [message] = list;
    expect(message!.addresses.map(({ netns, source, destination }) => [netns, source, destination])).toEqual([
      ["client", CLIENT, "192.168.56.101:5000"],
      ["host", CLIENT, CHAT],
    ]);
    expect(String(list)).toBe(
      [
        "1 message",
        "#  sent at     took  protocol        message  way                     addresses",
        "0     0 ns  10.0 µs  WebSocket text  Hello    client → host → chat-a  203.0.113.9:49152 → 192.168.56.101:5000",
        "                                                                      203.0.113.9:49152 → 172.18.0.11:5000 (host)",
      ].join("\n"),
    );
    expect(String(message!.table())).toBe(
      [
        "WebSocket text: Hello",
        "#     time  where   at          addresses there                          what happens           because of",
        "1     0 ns  client  program     203.0.113.9:49152 → 192.168.56.101:5000  is sent",
        "2  4.00 µs  host    PREROUTING  203.0.113.9:49152 → 172.18.0.11:5000     nat DOCKER 2: -j DNAT  docker run -p 5000:5000 chat-app",
        "3  10.0 µs  chat-a  socket      203.0.113.9:49152 → 172.18.0.11:5000     delivered to 5000/tcp",
      ].join("\n"),
    );
  });

  it.each([
    [
      "a body by its length",
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
      "200 OK {}",
    ],
    [
      "a body in chunks",
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
      "200 OK abc",
    ],
    [
      "a body up to the end",
      "HTTP/1.0 404 Not Found\r\nContent-Type: text/plain\r\n\r\nno",
      "404 Not Found no",
    ],
    [
      "a page",
      "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 4\r\n\r\n<p>x",
      "200 OK, 4 bytes of text/html",
    ],
    ["no body", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "304 Not Modified"],
  ])("of HTTP have %s", (_, data, text) =>
    expect(rows(say([{ ...back, sequence: 1, data: `${data}` }]))).toEqual([["HTTP", "response", text]]),
  );

  it("of HTTP answer the requests in their order: HEAD has no body", () => {
    const list = say([
      {
        ...web,
        sequence: 1,
        data: "HEAD / HTTP/1.1\r\n\r\nPOST /messages HTTP/1.1\r\nContent-Length: 7\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\ntext=hi",
      },
      {
        ...back,
        sequence: 1,
        data: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
      },
    ]);
    expect([...list].map(({ text }) => text)).toEqual([
      "HEAD /",
      "POST /messages text=hi",
      "200 OK",
      "201 Created",
    ]);
  });

  it("of an event stream are its events", () => {
    const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    const list = say([{ ...back, sequence: 1, data: `${head}b\r\nevent: hi\n\n\r\n` }]);
    expect(rows(list)).toEqual([
      ["HTTP", "response", "200 OK (event stream)"],
      ["HTTP", "event", "event: hi"],
    ]);
  });

  it("of a WebSocket may come in pieces, with a ping between them", () => {
    const pieces = Uint8Array.of(
      0x01,
      3,
      0x48,
      0x65,
      0x6c,
      0x89,
      0,
      0x80,
      2,
      0x6c,
      0x6f,
      0x88,
      2,
      0x03,
      0xe9,
    );
    expect(rows(say([{ ...back, sequence: 1, data: pieces }]))).toEqual([
      ["WebSocket", "ping", "ping"],
      ["WebSocket", "text", "Hello"],
      ["WebSocket", "close", "close 1001"],
    ]);
  });

  it("are not seen in bytes that nobody understands, and are found again behind them", () => {
    expect(say([{ ...back, sequence: 1, data: new Uint8Array(3000) }])).toHaveLength(0);
    const list = say([
      { ...back, sequence: 1, data: "0123", length: 9000 },
      { ...back, sequence: 9001, data: PLAIN },
    ]);
    expect(rows(list)).toEqual([["WebSocket", "text", "Hello"]]);
  });

  it("are escaped in HTML, and long ones cut", () => {
    const text = `<script>${"x".repeat(200)}`;
    const list = say([{ ...asks, sequence: 1, data: `*2\r\n$4\r\nECHO\r\n$${text.length}\r\n${text}\r\n` }]);
    const html = (list[DISPLAY]() as Record<string, string>)["text/html"]!;
    expect(html).toContain("&lt;script&gt;");
    expect(html).not.toContain("<script>");
    expect(list.rows[0]![4]!.length).toBeLessThan(90);
    expect(list.first("ECHO").text).toHaveLength(213);
  });

  it.each([
    ["short", "short", "or"],
    [
      `PUBLISH chat {"id":1…890","text":"hello"}`,
      `PUBLISH chat {"id":1,"name":"alice","host":"1234567890","text":"hello"}`,
      "hello",
    ],
    [
      `PUBLISH chat {"id":1…text":"hello","time"…`,
      `PUBLISH chat {"id":1,"name":"alice","text":"hello","time":1234567890}`,
      "hello",
    ],
    [
      `PUBLISH hello {"id":1,"name":"alice","t…`,
      `PUBLISH hello {"id":1,"name":"alice","text":"bye","time":1234567890}`,
      "hello",
    ],
    [
      `PUBLISH chat {"id":1,"name…":1234567890}`,
      `PUBLISH chat {"id":1,"name":"alice","text":"bye","time":1234567890}`,
      "nothing",
    ],
  ])("are shown as %s", (shown, text, about) => expect(excerpt(text, about, 40)).toBe(shown));
});
