import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { generatedModulesPlugin } from "../kernel-lib/bin/bootstrap/generated-modules.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Tests of programs: they start processes, browsers and servers, or make a page's window of their process. */
const PROGRAMS = [
  "test/{book,chat,differential,grade,house,jupyter,jupyterlab,live,load,story}/**/*.test.ts",
  "kernel-lib/src/{book,cli,gateway,grade,jupyter,live}/**/*.test.ts",
];

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
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "programs", include: PROGRAMS } },
      {
        extends: true,
        test: {
          name: "library",
          include: ["kernel-lib/src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...PROGRAMS],
          // The library has no state outside its labs, so files may share its modules: loading them anew for each takes most of a run.
          isolate: false,
        },
      },
    ],
  },
});
