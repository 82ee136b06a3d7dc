export { type HopsOptions, hops } from "./hops.js";
export { type SequenceOptions, sequence } from "./sequence.js";
export { type TopologyOptions, topology } from "./topology.js";
