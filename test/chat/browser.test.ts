import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleChat } from "../../kernel-lib/bin/bootstrap/chat-bundle.mjs";
import { type ChatRun, startChat } from "../../kernel-lib/src/cli/chat-run.js";
import { browserHere, launchBrowser, type Visit, visit } from "../book/fixtures/visit.js";
import { describeWith, hasProgram } from "../support/requirement.js";

const realRedis = {
  met: browserHere.met && hasProgram("redis-server"),
  reason: browserHere.met ? "redis-server is not installed here" : browserHere.reason,
};

/** Names and texts that would do harm as HTML. */
const HOSTILE = {
  name: '<img src=x onerror="window.harm=1">',
  text: '</li><script>window.harm=2</script><b onmouseover=alert(1)>&amp; "quoted" \u202e',
};

async function say(page: Page, name: string, text: string): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

const texts = (page: Page) =>
  page
    .locator("#messages li")
    .evaluateAll((items) =>
      items.map((item) => [item.querySelector("b")!.textContent, item.childNodes[1]!.textContent!.trim()]),
    );

describeWith("two tabs on two servers over a real Redis", realRedis, () => {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-chat-"));
  const told: string[] = [];
  let chat: ChatRun;
  let browser: Browser;
  let ann: Visit;
  let bob: Visit;

  beforeAll(async () => {
    await bundleChat(folder);
    chat = await startChat({ folder, ports: [0, 0], tell: (line) => told.push(line) });
    browser = await launchBrowser();
    ann = await visit(browser, chat.instances[0]!.address);
    bob = await visit(browser, chat.instances[1]!.address);
  });

  afterAll(async () => {
    await browser?.close();
    await chat?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("are served by different hosts", async () => {
    await ann.page.getByText("Connected").waitFor();
    await bob.page.getByText("Connected").waitFor();
    expect(await ann.page.locator("#host").textContent()).toBe("chat-a");
    expect(await bob.page.locator("#host").textContent()).toBe("chat-b");
  });

  it("see each other's messages", async () => {
    await say(ann.page, "Ann", "hello from a");
    await bob.page.getByText("hello from a").waitFor();
    await say(bob.page, "Bob", "hello from b");
    await ann.page.getByText("hello from b").waitFor();
    for (const { page } of [ann, bob])
      expect(await texts(page)).toEqual([
        ["Ann", "hello from a"],
        ["Bob", "hello from b"],
      ]);
  });

  it("show HTML in names and texts as the text that it is", async () => {
    await say(ann.page, HOSTILE.name, HOSTILE.text);
    await bob.page.locator("#messages li").nth(2).waitFor();
    for (const { page } of [ann, bob]) {
      await page.locator("#messages li").nth(2).waitFor();
      expect((await texts(page))[2]).toEqual([HOSTILE.name, HOSTILE.text]);
      expect(await page.locator("#messages :is(img, script, b[onmouseover])").count()).toBe(0);
      expect(await page.evaluate("window.harm")).toBeUndefined();
    }
  });

  it("say that they reconnect while Redis is away, and lose and double nothing", async () => {
    process.kill(chat.redisProcess()!, "SIGKILL");
    for (const { page } of [ann, bob]) await page.getByText("Redis is away: reconnecting").waitFor();
    await say(ann.page, "Ann", "sent while Redis is away");
    for (const { page } of [ann, bob]) await page.getByText("Connected").waitFor({ timeout: 20_000 });
    await say(bob.page, "Bob", "sent after it came back");
    for (const { page } of [ann, bob]) {
      await page.getByText("sent after it came back").waitFor();
      await page.getByText("sent while Redis is away").waitFor();
      expect((await texts(page)).map(([, text]) => text)).toEqual([
        "hello from a",
        "hello from b",
        HOSTILE.text,
        "sent while Redis is away",
        "sent after it came back",
      ]);
    }
    expect(told.some((line) => /^redis-server has ended \(SIGKILL\)/.test(line))).toBe(true);
  });

  it("have the whole history in a new tab, and complain of nothing", async () => {
    const late = await visit(browser, chat.instances[1]!.address);
    await late.page.locator("#messages li").nth(4).waitFor();
    expect(await texts(late.page)).toEqual(await texts(ann.page));
    for (const { complaints } of [ann, bob, late]) expect(complaints).toEqual([]);
  });

  it("can be used with the keyboard and told by a screen reader", async () => {
    const { page } = ann;
    await page.getByRole("textbox", { name: "Message" }).focus();
    await page.keyboard.type("typed");
    await page.keyboard.press("Enter");
    await page.getByText("typed").waitFor();
    expect(await page.getByRole("status").textContent()).toBe("Connected");
    expect(await page.getByRole("list", { name: "Messages" }).getAttribute("aria-live")).toBe("polite");
  });
});
