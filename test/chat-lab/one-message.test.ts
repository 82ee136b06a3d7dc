import { beforeAll, describe, expect, it } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Trace } from "../../kernel-lib/src/lab/trace.js";
import { describeWith } from "../support/requirement.js";
import { TSHARK, textOf, tsharkFields } from "./tshark.js";
import { CHAT_A, CHAT_B, chatHosts } from "./two-hosts.js";

const TEXT = "hello, 世界";
const ANSWER = "good day";

/** One message from a user at chat-a to one at chat-b, traced. */
async function oneMessage(seed: number) {
  const { lab, hostA, client } = await chatHosts(seed);
  const ann = await client.webSocket(`${CHAT_A.replace("http:", "ws:")}/ws`);
  const bob = await client.webSocket(`${CHAT_B.replace("http:", "ws:")}/ws`);
  const capture = hostA.capture("enX0", "udp port 4789");
  const trace = await lab.trace(async () => {
    ann.send(JSON.stringify({ name: "ann", text: TEXT }));
    await lab.sleep(seconds(1));
    bob.send(JSON.stringify({ name: "bob", text: ANSWER }));
    await lab.sleep(seconds(1));
  });
  return { lab, trace, ann, bob, underlay: capture.stop().pcap };
}

describe("one message from a user at chat-a to a user at chat-b", () => {
  let made: Awaited<ReturnType<typeof oneMessage>>;
  let trace: Trace;

  beforeAll(async () => {
    made = await oneMessage(7);
    trace = made.trace;
  }, 120_000);

  const waysOf = (protocol: string) =>
    trace.messages.find(TEXT).all.filter((message) => message.protocol === protocol);

  it("is a WebSocket frame that port mapping translates, on its way in and on its way out", () => {
    const frames = waysOf("WebSocket");
    const [typed] = frames;
    expect(typed!.addresses.map(({ destination }) => destination)).toEqual([
      "192.168.56.101:5000",
      "172.18.0.11:5000",
    ]);
    const shown = frames.filter(({ addresses }) => addresses[0]!.source === "172.18.0.22:5000");
    expect(shown).toHaveLength(1);
    expect(shown[0]!.addresses.map(({ source }) => source)).toEqual([
      "172.18.0.22:5000",
      "192.168.56.102:5000",
    ]);
  });

  it("is a PUBLISH on host A's bridge and a push to each server; only the one to host B goes through the tunnel", () => {
    const published = trace.messages.first("publish");
    expect(published.tunnel).toBeNull();
    expect(published.addresses[0]!.destination).toBe("172.18.0.100:6379");
    const pushes = trace.messages.find("RESP push").find(TEXT).all;
    const told = pushes.map(({ addresses, tunnel }) => [
      addresses[0]!.destination.split(":")[0],
      tunnel !== null,
    ]);
    expect(told.sort()).toEqual([
      ["172.18.0.11", false],
      ["172.18.0.22", true],
    ]);
  });

  it("is the same bytes at the same times with the same seed, and when the journal is replayed", async () => {
    const again = await oneMessage(7);
    expect(Buffer.compare(again.trace.pcap, trace.pcap)).toBe(0);
    expect(again.bob.messages).toEqual(made.bob.messages);
    const replayed = await Lab.replay(JSON.stringify(made.lab.journal));
    expect(replayed.now).toBe(made.lab.now);
    expect(JSON.stringify(replayed.journal)).toBe(JSON.stringify(made.lab.journal));
  }, 120_000);

  describeWith("read by tshark", TSHARK, () => {
    it("bob's answer, which chat-b publishes at the Redis of host A, is RESP inside TCP inside VXLAN", () => {
      const rows = tsharkFields(made.underlay, "vxlan && resp", [
        "vxlan.vni",
        "ip.src",
        "ip.dst",
        "resp.bulk_string.value",
      ]);
      const published = rows.map((row) => ({ row, words: textOf(row[3] ?? "") }));
      const { row, words } = published.find((one) => one.words.some((word) => word.includes(ANSWER)))!;
      expect(row.slice(0, 3)).toEqual(["10", "192.168.56.102,172.18.0.22", "192.168.56.101,172.18.0.100"]);
      expect(words.slice(words.indexOf("publish"), words.indexOf("publish") + 2)).toEqual([
        "publish",
        "chat:lobby",
      ]);
    });
  });
});
