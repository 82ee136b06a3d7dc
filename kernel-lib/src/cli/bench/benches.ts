type Benches = typeof import("../../lab/benches.js");

/** From sources (tests) there is no bundle. */
const bundled = import.meta.url.endsWith(".ts") ? "../../lab/benches.js" : "../../bundle/benches.js";

/** The lab's benches, of the bundle: the code that notebooks run. */
export const {
  measureChat,
  measureIngress,
  measureMesh,
  measureOverlay,
  measurePath,
  measurePublished,
  measureSwarm,
  measureTraceMemory,
  measureTransfer,
} = (await import(new URL(bundled, import.meta.url).href)) as Benches;
