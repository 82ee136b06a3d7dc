/**
 * Hopbook: container networking that runs.
 *
 * Begin with {@link Lab.preset}; then `lab.machines`, `machine.sh`, `lab.trace` and `plot`.
 */
import { prepareDrawing } from "./plot/figure.js";

export {
  type Cidr,
  formatCidr,
  formatIpv4,
  formatMac,
  type InterfaceAddress,
  type Ipv4,
  type Mac,
  parseCidr,
  parseIpv4,
  parseMac,
} from "./base/addresses.js";
export { DISPLAY, type Displayable, display, type MimeBundle } from "./base/display.js";
export { formatDuration, ms, type Nanoseconds, seconds, us } from "./base/units.js";
export { Cable, CableDirection } from "./lab/cable.js";
export { CheckFailure } from "./lab/checks/check-failure.js";
export { Checks } from "./lab/checks/checks.js";
export type { Path, PathOptions } from "./lab/checks/path.js";
export type { ReachOptions } from "./lab/checks/reach.js";
export type { RuleWanted } from "./lab/checks/rule.js";
export type { Captured, SeenOptions } from "./lab/checks/seen.js";
export type { SharesWanted, Spread, SpreadOptions } from "./lab/checks/spread.js";
export { CommandOutput } from "./lab/command-output.js";
export { Container } from "./lab/container.js";
export { Job } from "./lab/job.js";
export { type AnswerValue, Journal, type JournalEntry } from "./lab/journal.js";
export { Lab, type LabOptions } from "./lab/lab.js";
export type { LoadOptions } from "./lab/load/options.js";
export type { Replica } from "./lab/load/replicas.js";
export {
  type LoadPath,
  LoadResult,
  type LoadStep,
  type MachineLoad,
  type ReplicaLoad,
} from "./lab/load/result.js";
export { LoadRun } from "./lab/load/run.js";
export type { ServiceTime } from "./lab/load/service-times.js";
export { Machine } from "./lab/machine.js";
export type { CablePlan, LabPlan, MachinePlan, ServiceName, SwarmPlan, SwarmRole } from "./lab/plan.js";
export type { PresetCables, PresetMachines, PresetName, Underlay, VxlanOptions } from "./lab/preset.js";
export { type ListedRule, RuleListing, type RulesOptions } from "./lab/rules.js";
export type { SwarmNames, SwarmNodes, SwarmOptions } from "./lab/swarm-preset.js";
export { Hint } from "./lab/task/hint.js";
export { Task } from "./lab/task/task.js";
export type { AnswerWanted, TaskChecks } from "./lab/task/task-checks.js";
export type { DeviceView, LinkView, MachineView, NamespaceView, Topology } from "./lab/topology.js";
export { Trace } from "./lab/trace.js";
export { WebSocketClient, type WebSocketEnd, type WebSocketMessage } from "./lab/websocket.js";
export type { CableFigures } from "./link/cable-figures.js";
export { Drawing, Figure } from "./plot/figure.js";
export * as plot from "./plot/plot.js";
export type { Addresses } from "./trace/addresses.js";
export type { DropReason } from "./trace/drop-reason.js";
export type { TraceEvent, TraceEventKind } from "./trace/events.js";
export type { Hop } from "./trace/hop.js";
export { HopTable } from "./trace/hop-table.js";
export { type Fate, Journey } from "./trace/journey.js";
export { Message } from "./trace/message.js";
export { MessageList } from "./trace/message-list.js";
export { MessageTable } from "./trace/message-table.js";
export { RuleWalk, type RuleWalkOptions } from "./trace/rule-walk.js";

prepareDrawing();
