export { type FrameOptions, type FrameSource, frame } from "./frame.js";
export { type HopsOptions, hops } from "./hops.js";
export { type RuleHitsOptions, ruleHits } from "./rule-hits.js";
export { type SequenceOptions, sequence } from "./sequence.js";
export { type ThroughputOptions, type ThroughputPoint, throughput } from "./throughput.js";
export { type TopologyOptions, topology } from "./topology.js";
