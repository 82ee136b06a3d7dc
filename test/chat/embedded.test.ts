import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const APP = fileURLToPath(new URL("../../chapters/05-chat/app/", import.meta.url));
const EMBEDDED = fileURLToPath(new URL("../../kernel-lib/src/apps/chat/", import.meta.url));
const files = readdirSync(APP).sort();

/** `message.ts` → `message-ts`, the name of the module that holds it. */
const moduleName = (file: string): string => file.replace(/^\./, "").replace(".", "-").toLowerCase();
/** … and → `MESSAGE_TS`, what it exports. */
const exportName = (file: string): string => moduleName(file).replace("-", "_").toUpperCase();

function moduleOf(file: string): string {
  const text = readFileSync(`${APP}${file}`, "utf8").replace(/[\\`]|\$\{/g, "\\$&");
  return `export const ${exportName(file)} = \`${text}\`;\n`;
}

/** The list of all, in the alphabet's order as the formatter puts it. */
function listOf(): string {
  const key = (file: string) => (/^\w+$/.test(file) ? file : JSON.stringify(file));
  const sorted = [...files].sort((a, b) => (moduleName(a) < moduleName(b) ? -1 : 1));
  return `${sorted.map((file) => `import { ${exportName(file)} } from "./files/${moduleName(file)}.js";\n`).join("")}
/** The files of \`chapters/05-chat/app\`, by name. A test holds that they are the same; with \`-u\` it writes them anew. */
export const CHAT_FILES: Readonly<Record<string, string>> = {
${files.map((file) => `  ${key(file)}: ${exportName(file)},\n`).join("")}};
`;
}

it("the lab's machines have the chapter's files", async () => {
  await expect(listOf()).toMatchFileSnapshot(`${EMBEDDED}files.ts`);
});

it.each(files)("%s is the chapter's", async (file) => {
  await expect(moduleOf(file)).toMatchFileSnapshot(`${EMBEDDED}files/${moduleName(file)}.ts`);
});
