// Writes the generated modules beside the compiled library, and their types, which the compiler does not copy.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { GENERATED } from "./generated-modules.mjs";

const kernelLib = fileURLToPath(new URL("../..", import.meta.url));

for (const [path, make] of Object.entries(GENERATED)) {
  const target = `${kernelLib}dist/${path}`;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, await make());
  const types = path.replace(/\.js$/, ".d.ts");
  copyFileSync(`${kernelLib}src/${types}`, `${kernelLib}dist/${types}`);
}
