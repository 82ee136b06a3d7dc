import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { nodePackagesPlugin } from "../kernel-lib/bin/bootstrap/node-packages.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  root,
  plugins: [nodePackagesPlugin()],
  resolve: { alias: { hopbook: `${root}kernel-lib/src/index.ts` } },
  test: {
    // On two cores it would use one.
    maxWorkers: "100%",
    include: ["kernel-lib/src/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
