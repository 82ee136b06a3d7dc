import { describe, expect, it } from "vitest";
import { Random } from "../../sim/random.js";
import { bytesOf, byteText } from "./byte-text.js";
import { RedisEngine } from "./engine.js";

function session() {
  const engine = new RedisEngine({ now: () => 1_700_000_000_000, random: new Random(1) });
  const client = engine.connect({ address: "127.0.0.1", port: 40_000, local: "127.0.0.1:6379" });
  let output = "";
  client.onOutput = (bytes) => {
    output += byteText(bytes);
  };
  return {
    client,
    say(text: string) {
      output = "";
      client.receive(bytesOf(text));
      return output;
    },
  };
}

describe("a session", () => {
  it.each([
    ["PING\r\n", "+PONG\r\n"],
    ["*1\r\n$4\r\nPING\r\n", "+PONG\r\n"],
    ["SET a 1\nGET a\n", "+OK\r\n$1\r\n1\r\n"],
    ["GET none\r\n", "$-1\r\n"],
    ["\r\n*0\r\nPING\r\n", "+PONG\r\n"],
    ["nope a b\r\n", "-ERR unknown command 'nope', with args beginning with: 'a' 'b' \r\n"],
    ["GET\r\n", "-ERR wrong number of arguments for 'get' command\r\n"],
    ["*1\r\n:1\r\n", "-ERR Protocol error: expected '$', got ':'\r\n"],
  ])("answers %j", (said, answered) => {
    expect(session().say(said)).toBe(answered);
  });

  it("takes a command in any pieces", () => {
    const { client, say } = session();
    const request = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\r\nb\r\n";
    let output = "";
    client.onOutput = (bytes) => {
      output += byteText(bytes);
    };
    for (const sign of request) client.receive(bytesOf(sign));
    expect(output).toBe("+OK\r\n");
    say("");
    client.receive(bytesOf("GET k\r\n"));
    expect(output).toBe("+OK\r\n$4\r\na\r\nb\r\n");
  });

  it("ends after QUIT", () => {
    const { client, say } = session();
    expect(say("QUIT\r\nPING\r\n")).toBe("+OK\r\n");
    expect(client.closed).toBe(true);
  });
});
