import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BookServer, serveBook } from "../../kernel-lib/src/book/serve.js";

let folder: string;
let server: BookServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hopbook-serve-"));
  mkdirSync(join(folder, "book/assets"), { recursive: true });
  for (const [name, text] of Object.entries({
    "secret.txt": "secret",
    "book/index.html": "<p>cover</p>",
    "book/01 a.html": "<p>chapter</p>",
    "book/.hidden": "hidden",
    "book/01-a.ipynb": "{}",
    "book/assets/book.css": "p{}",
    "book/assets/page.js": "1",
    "book/assets/font.woff2": "f",
  })) {
    writeFileSync(join(folder, name), text);
  }
  symlinkSync(join(folder, "secret.txt"), join(folder, "book/out.txt"));
  server = await serveBook({ folder: join(folder, "book") });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Asks with the path as it is: `fetch` would tidy `..` away. */
function ask(path: string, method = "GET"): Promise<{ status: number; type: string; body: string }> {
  const { port } = new URL(server.address);
  return new Promise((done, fail) => {
    const asked = request({ host: "127.0.0.1", port, path, method }, (response) => {
      let body = "";
      response.on("data", (part: Buffer) => {
        body += part.toString();
      });
      response.on("end", () =>
        done({ status: response.statusCode ?? 0, type: String(response.headers["content-type"]), body }),
      );
    });
    asked.on("error", fail);
    asked.end();
  });
}

describe("the book's server", () => {
  it.each([
    ["/", 200, "text/html; charset=utf-8", "<p>cover</p>"],
    ["/index.html?x=1", 200, "text/html; charset=utf-8", "<p>cover</p>"],
    ["/01%20a.html", 200, "text/html; charset=utf-8", "<p>chapter</p>"],
    ["/assets/book.css", 200, "text/css; charset=utf-8", "p{}"],
    ["/assets/page.js", 200, "text/javascript; charset=utf-8", "1"],
    ["/assets/font.woff2", 200, "font/woff2", "f"],
    ["/01-a.ipynb", 200, "application/x-ipynb+json; charset=utf-8", "{}"],
    ["/none.html", 404, "text/plain", "Not found\n"],
    ["/assets", 404, "text/plain", "Not found\n"],
    ["/../secret.txt", 404, "text/plain", "Not found\n"],
    ["/%2e%2e/secret.txt", 404, "text/plain", "Not found\n"],
    ["/..%2fsecret.txt", 404, "text/plain", "Not found\n"],
    ["/assets/..%5c..%5csecret.txt", 404, "text/plain", "Not found\n"],
    ["/out.txt", 404, "text/plain", "Not found\n"],
    ["/.hidden", 404, "text/plain", "Not found\n"],
    ["/%00", 404, "text/plain", "Not found\n"],
    ["/%zz", 404, "text/plain", "Not found\n"],
  ])("answers %s with %i", async (path, status, type, body) => {
    expect(await ask(path)).toEqual({ status, type, body });
  });

  it("only lets read", async () => {
    expect(await ask("/", "POST")).toMatchObject({ status: 405 });
    expect(await ask("/", "HEAD")).toMatchObject({ status: 200, body: "" });
  });

  it("listens on this machine alone, and says when the port is taken", async () => {
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const port = Number(new URL(server.address).port);
    await expect(serveBook({ folder, port })).rejects.toThrow(
      `port ${port} is taken; give another with --port`,
    );
  });
});
