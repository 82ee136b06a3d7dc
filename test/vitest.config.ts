import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { generatedModulesPlugin } from "../kernel-lib/bin/bootstrap/generated-modules.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  root,
  plugins: [generatedModulesPlugin()],
  resolve: {
    // The longer name first: the other one is also the beginning of it.
    alias: {
      "hopbook/gateway": `${root}kernel-lib/src/gateway/index.ts`,
      hopbook: `${root}kernel-lib/src/index.ts`,
    },
  },
  test: {
    // On two cores it would use one.
    maxWorkers: "100%",
    include: ["kernel-lib/src/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
