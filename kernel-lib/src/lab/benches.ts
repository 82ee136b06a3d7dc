/** What `hopbook bench` measures of the lab, in one place: it is bundled as the library that notebooks load is, so that the figures are a reader's. */
export { measurePath, measureTraceMemory } from "../stack/path.bench.js";
export { type ChatResult, measureChat } from "./chat.bench.js";
export { type IngressOptions, measureIngress } from "./ingress.bench.js";
export { type MeshResult, measureMesh } from "./mesh.bench.js";
export { measureOverlay, type OverlayOptions } from "./overlay.bench.js";
export { measurePublished } from "./published.bench.js";
export { measureSwarm } from "./swarm.bench.js";
export { measureTransfer, type TransferResult } from "./transfer.bench.js";
