import { cpSync, mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const app = fileURLToPath(new URL("../../../chapters/05-chat/app", import.meta.url));
const chat = fileURLToPath(new URL("../../dist/chat", import.meta.url));

/**
 * Makes the chat application of chapter 5 into one script with its packages, and puts its page beside it: Node 20 does not read TypeScript, and the script
 * runs from any folder.
 * @param {string} folder
 */
export async function bundleChat(folder = chat) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [`${app}/server.ts`],
    outfile: `${folder}/server.mjs`,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // What an ES module lacks, and packages in the older form ask for.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
  for (const name of ["page.html", "page.css", "page.js"]) cpSync(`${app}/${name}`, `${folder}/${name}`);
}
