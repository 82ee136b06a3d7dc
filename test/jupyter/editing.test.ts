import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "../../kernel-lib/src/jupyter/client.js";
import { requireBuild, withFolder } from "./kernel-under-test.js";

const LIBRARY = `/** A wire between two machines. */
export interface Cable {
  /** Propagation delay in milliseconds. */
  readonly delayMs: number;
}

/**
 * Lays a cable.
 * @param lengthKm its length in kilometres
 * @example
 * cable(100)
 */
export function cable(lengthKm: number): Cable {
  return { delayMs: lengthKm / 200 };
}
`;

const folder = withFolder();
let client: KernelClient;

beforeAll(async () => {
  requireBuild();
  await writeFile(join(folder(), "library.ts"), LIBRARY);
  client = await KernelClient.start(folder());
  await client.execute('import { cable, type Cable } from "./library";\nconst trunk = cable(200);');
  return () => client.shutdown();
});

/** Asks with the cursor at the `|`. */
function ask(type: string, text: string) {
  const cursor_pos = [...text.slice(0, text.indexOf("|"))].length;
  return client.request(type, { code: text.replace("|", ""), cursor_pos, detail_level: 0 });
}

describe("completion", () => {
  const CASES: [text: string, match: string, type: string, start: number, end: number][] = [
    ["trunk.del|", "delayMs", "property", 6, 9],
    ["trunk.|", "delayMs", "property", 6, 6],
    ["cab|", "cable", "alias", 0, 3],
    ['"😀"; tru|', "trunk", "let", 5, 8],
    ["[1].fil|", "filter", "method", 4, 7],
    ["process.pla|", "platform", "property", 8, 11],
  ];
  it.each(CASES)("%s", async (text, match, type, start, end) => {
    const { content } = await ask("complete_request", text);
    expect(content.matches).toContain(match);
    expect([content.cursor_start, content.cursor_end]).toEqual([start, end]);
    const metadata = content.metadata as { _jupyter_types_experimental: { text: string; type: string }[] };
    const kind = metadata._jupyter_types_experimental.find((entry) => entry.text === match)?.type;
    expect(kind === "const" || kind === "var" ? "let" : kind).toBe(type);
  });
});

describe("inspection", () => {
  const CASES: [text: string, plain: string, markdown: string][] = [
    [
      "cab|le(1)",
      "Lays a cable.\n\n@param lengthKm its length",
      "*@param* `lengthKm` its length in kilometres",
    ],
    ["cable|", "Lays a cable.", "```typescript\n(alias) function cable(lengthKm: number): Cable"],
    ["cable(|", "Lays a cable.", "Lays a cable."],
    ["trunk.delay|Ms", "Propagation delay in milliseconds.", "(property) Cable.delayMs: number"],
    ["const c: Cab|le = trunk;", "A wire between two machines.", "interface Cable"],
  ];
  it.each(CASES)("%s", async (text, plain, markdown) => {
    const { content } = await ask("inspect_request", text);
    const data = content.data as Record<string, string>;
    expect(content.found).toBe(true);
    expect(data["text/plain"]).toContain(plain);
    expect(data["text/markdown"]).toContain(markdown);
  });

  it.each(["|", "   |", "1 + |"])("finds nothing at %j", async (text) => {
    expect((await ask("inspect_request", text)).content).toMatchObject({ status: "ok", found: false });
  });
});
