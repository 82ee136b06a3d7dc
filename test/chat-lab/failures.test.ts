import { beforeAll, describe, expect, it } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import type { WebSocketClient } from "../../kernel-lib/src/lab/websocket.js";
import { CHAT_A, CHAT_B, chatHosts, type TwoChatHosts, typed } from "./two-hosts.js";

interface News {
  readonly type: string;
  readonly redis?: string;
  readonly message?: { readonly id: string; readonly text: string; readonly host: string };
}

const newsOf = (user: WebSocketClient): News[] => user.messages.map(({ text }) => JSON.parse(text) as News);
const heardBy = (user: WebSocketClient): string[] =>
  newsOf(user).flatMap(({ message }) => (message === undefined ? [] : [message.text]));
const statusesTold = (user: WebSocketClient): string[] =>
  newsOf(user).flatMap(({ type, redis }) => (type === "status" ? [redis!] : []));

const address = (server: string) => `${server.replace("http:", "ws:")}/ws`;
const say = (user: WebSocketClient, name: string, text: string) => user.send(JSON.stringify({ name, text }));

describe("two users on two hosts, while things break", () => {
  let hosts: TwoChatHosts;
  let ann: WebSocketClient;
  let bob: WebSocketClient;
  const said: string[] = [];

  const write = (user: WebSocketClient, text: string) => {
    said.push(text);
    say(user, user === ann ? "ann" : "bob", text);
  };
  const history = async (server: string): Promise<string[]> =>
    (JSON.parse(await typed(hosts.client, `curl -s ${server}/messages`)) as { text: string }[]).map(
      ({ text }) => text,
    );

  /** Each has heard everything once, and both servers know it all. */
  const expectAllHeard = async () => {
    const all = [...said].sort();
    expect(heardBy(ann).sort()).toEqual(all);
    expect(heardBy(bob).sort()).toEqual(all);
    expect((await history(CHAT_A)).sort()).toEqual(all);
    expect(await history(CHAT_B)).toEqual(await history(CHAT_A));
  };

  beforeAll(async () => {
    hosts = await chatHosts();
    ann = await hosts.client.webSocket(address(CHAT_A));
    bob = await hosts.client.webSocket(address(CHAT_B));
  }, 120_000);

  it("what one says the other hears, within 10 ms", async () => {
    const at = hosts.lab.now;
    write(ann, "hello");
    await hosts.lab.sleep(seconds(1));
    write(bob, "good day");
    await hosts.lab.sleep(seconds(1));
    await expectAllHeard();
    const heard = bob.messages.find(({ text }) => text.includes('"hello"'))!;
    expect(heard.at - at).toBeLessThan(10e6);
  });

  it("Redis killed for five seconds: both are told, nothing said meanwhile or after is lost or doubled", async () => {
    const { lab, hostA } = hosts;
    await typed(hostA, "docker kill redis");
    await lab.sleep(seconds(1));
    expect(statusesTold(ann)).toEqual(["reconnecting"]);
    expect(statusesTold(bob)).toEqual(["reconnecting"]);
    write(ann, "said while Redis is away");
    await lab.sleep(seconds(4));
    expect(heardBy(bob)).not.toContain("said while Redis is away");
    await typed(hostA, "docker start redis");
    await lab.sleep(seconds(3));
    expect(statusesTold(ann)).toEqual(["reconnecting", "ready"]);
    expect(statusesTold(bob)).toEqual(["reconnecting", "ready"]);
    write(ann, "Redis is back");
    write(bob, "so it is");
    await lab.sleep(seconds(1));
    await expectAllHeard();
  });

  it("the tunnel down for eight seconds: chat-a goes on, chat-b says that it is reconnecting, and catches up", async () => {
    const { lab, hostB } = hosts;
    const before = statusesTold(ann).length;
    await typed(hostB, "ip link set vxlan0 down");
    write(ann, "said while the tunnel is down");
    write(bob, "is anybody there?");
    await lab.sleep(seconds(8));
    expect(heardBy(ann)).toContain("said while the tunnel is down");
    expect(heardBy(bob)).not.toContain("said while the tunnel is down");
    expect(statusesTold(bob).at(-1)).toBe("reconnecting");
    expect(statusesTold(ann)).toHaveLength(before);
    await typed(hostB, "ip link set vxlan0 up");
    await lab.sleep(seconds(20));
    expect(statusesTold(bob).at(-1)).toBe("ready");
    await expectAllHeard();
  });

  it.each([1, 5])(
    "%d frames of a hundred lost on the way to host B: all comes, in order, some of it late",
    async (percent) => {
      const { lab } = hosts;
      const told = statusesTold(bob).length;
      const texts = Array.from({ length: 40 }, (_, i) => `${percent} %: number ${i}`);
      lab.cables["lan-b"]!.set({ loss: percent / 100 });
      for (const text of texts) {
        write(ann, text);
        await lab.sleep(seconds(0.2));
      }
      lab.cables["lan-b"]!.set({ loss: 0 });
      await lab.sleep(seconds(5));
      await expectAllHeard();
      expect(heardBy(bob).filter((text) => text.startsWith(`${percent} %`))).toEqual(texts);
      expect(statusesTold(bob)).toHaveLength(told);
    },
  );
});
