import type { Device } from "../../link/device.js";
import { queueDiscipline } from "../../link/interface-state.js";
import type { Qdisc, QdiscStats } from "../../link/qdisc/qdisc.js";
import type { Netns } from "../../stack/netns.js";
import { cannotFind, incomplete, matches, unsupported, Words } from "../ip/words.js";
import { ToolExit } from "../tool-exit.js";
import type { QdiscKind } from "./kind.js";
import { netem } from "./netem.js";
import { tbf } from "./tbf.js";
import type { TcRun } from "./tc.js";
import { QDISC_USAGE } from "./usage.js";

const KINDS = [netem, tbf] as unknown as readonly QdiscKind<unknown, Qdisc>[];

/** Those of Linux 6.1 that the lab has not. */
const OTHER_KINDS =
  "pfifo bfifo pfifo_head_drop pfifo_fast prio multiq red sfb sfq teql0 gred cbs etf taprio drr mqprio skbprio choke qfq codel fq_codel cake fq hhf pie fq_pie ingress clsact plug ets htb hfsc cbq noqueue mq".split(
    " ",
  );

type Verb = "add" | "change" | "replace" | "del";

/** `tc qdisc …` */
export function tcQdisc(run: TcRun, words: readonly string[]): number {
  const [verb = "show", ...rest] = words;
  if (matches(verb, "add")) return modify(run, "add", rest);
  if (matches(verb, "change")) return modify(run, "change", rest);
  if (matches(verb, "replace")) return modify(run, "replace", rest);
  if (matches(verb, "link")) throw unsupported("qdisc link", "tc");
  if (matches(verb, "delete")) return modify(run, "del", rest);
  if (matches(verb, "list") || matches(verb, "show") || verb === "lst") return show(run, rest);
  if (matches(verb, "help")) throw new ToolExit(0, QDISC_USAGE);
  throw new ToolExit(255, `Command "${verb}" is unknown, try "tc qdisc help".\n`);
}

interface Request {
  device?: string;
  handle?: number;
  root: boolean;
  kind?: string;
  options: readonly string[];
}

function readRequest(words: Words): Request {
  const request: Request = { root: false, options: [] };
  while (!words.done) {
    const word = words.next();
    if (word === "dev") {
      const name = words.next();
      if (request.device !== undefined)
        throw new ToolExit(255, `Error: duplicate "dev": "${name}" is the second value.\n`);
      request.device = name;
    } else if (word === "handle") request.handle = readHandle(words.next());
    else if (word === "root") {
      if (request.root) throw new ToolExit(255, 'Error: "root" is duplicate parent ID\n');
      request.root = true;
    } else if (["parent", "ingress", "clsact", "estimator", "ingress_block", "egress_block"].includes(word))
      throw unsupported(`qdisc "${word}"`, "tc");
    else if (matches(word, "stab")) throw unsupported('qdisc "stab"', "tc");
    else if (matches(word, "help")) throw new ToolExit(0, QDISC_USAGE);
    else {
      request.kind = word;
      request.options = words.rest();
    }
  }
  return request;
}

/** `8001:` as its major number. */
function readHandle(text: string): number {
  const [, major] = /^([0-9a-f]{1,4}):0*$/i.exec(text) ?? [];
  if (major === undefined) throw new ToolExit(255, `Error: argument "${text}" is wrong: invalid qdisc ID\n`);
  return Number.parseInt(major, 16);
}

function kernelRefuses(text: string): ToolExit {
  return new ToolExit(2, `Error: ${text}.\n`);
}

/** tc_modify_qdisc and tc_get_qdisc, in the order of their checks. */
function modify(run: TcRun, verb: Verb, list: readonly string[]): number {
  const request = readRequest(new Words(list));
  const kind = KINDS.find(({ name }) => name === request.kind);
  if (kind === undefined && request.kind !== undefined && OTHER_KINDS.includes(request.kind))
    throw unsupported(`qdisc "${request.kind}"`, "tc");
  const config = kind?.parse(request.options);
  if (request.device === undefined) throw new ToolExit(2, "RTNETLINK answers: No such device\n");
  const device = run.netns.device(request.device);
  if (device === undefined) throw cannotFind(request.device);
  if (verb === "del") remove(device, request);
  else if (!request.root) throw kernelRefuses("Handle cannot be zero");
  else set(run, verb, device, request, kind, config);
  return 0;
}

function remove(device: Device, { root, handle, kind }: Request): void {
  const { qdisc } = device;
  if (!root) throw kernelRefuses("Failed to find qdisc with specified handle");
  if (qdisc === null) throw kernelRefuses("Cannot delete qdisc with handle of zero");
  if (handle !== undefined && handle !== 0 && handle !== qdisc.handle) throw kernelRefuses("Invalid handle");
  if (kind !== undefined && kind !== qdisc.kind)
    throw kernelRefuses("Invalid qdisc name: must match existing qdisc");
  device.replaceQdisc(null);
}

function set(
  run: TcRun,
  verb: Verb,
  device: Device,
  { handle = 0 }: Request,
  kind: QdiscKind<unknown, Qdisc> | undefined,
  config: unknown,
): void {
  const { qdisc } = device;
  if (qdisc !== null && handle !== 0 && handle !== qdisc.handle && verb !== "replace")
    throw kernelRefuses(
      verb === "add"
        ? "NLM_F_REPLACE needed to override"
        : "Qdisc not found. To create specify NLM_F_CREATE flag",
    );
  if (qdisc === null && verb === "change")
    throw kernelRefuses("Qdisc not found. To create specify NLM_F_CREATE flag");
  if (kind === undefined) throw kernelRefuses("Specified qdisc kind is unknown");
  if (qdisc !== null && kind.isOwn(qdisc) && (handle === 0 || handle === qdisc.handle)) {
    if (verb === "add") throw kernelRefuses("Exclusivity flag on, cannot modify");
    kind.change(qdisc, config);
    return;
  }
  device.replaceQdisc(kind.create(device, handle === 0 ? nextHandle(run.netns) : handle, config));
}

/** The first free number from 0x8001 on in the namespace. A kernel counts on for all its namespaces and uses none twice. */
function nextHandle(netns: Netns): number {
  const used = new Set([...netns.devices.values()].map(({ qdisc }) => qdisc?.handle));
  let handle = 0x8001;
  while (used.has(handle)) handle++;
  return handle;
}

function show(run: TcRun, list: readonly string[]): number {
  const words = new Words(list);
  let only: string | null = null;
  while (!words.done) {
    const word = words.next();
    if (word === "dev") {
      if (words.done) throw incomplete();
      only = words.next();
    } else if (word === "handle" || word === "parent" || word === "ingress" || word === "clsact")
      throw unsupported(`qdisc show "${word}"`, "tc");
    else if (matches(word, "help")) throw new ToolExit(0, QDISC_USAGE);
    else if (word !== "root" && word !== "invisible")
      throw new ToolExit(255, `What is "${word}"? Try "tc qdisc help".\n`);
  }
  if (only !== null && run.netns.device(only) === undefined) throw cannotFind(only);
  for (const device of run.netns.devices.values())
    if (only === null || device.name === only) run.write(listing(device, only === null, run.statistics));
  return 0;
}

/** One device's lines. A device that was never up has no queue to show. */
function listing(device: Device, named: boolean, statistics: boolean): string {
  const { qdisc } = device;
  const name = queueDiscipline(device);
  if (name === "noop") return "";
  const kind = KINDS.find((one) => qdisc !== null && one.isOwn(qdisc));
  const options = qdisc === null ? (name === "fq_codel" ? FQ_CODEL : "") : (kind?.print(qdisc) ?? "");
  const handle = (qdisc?.handle ?? 0).toString(16);
  const line = `qdisc ${name} ${handle}: ${named ? `dev ${device.name} ` : ""}root refcnt 2 ${options}\n`;
  return statistics ? line + printStatistics(device, name) : line;
}

const FQ_CODEL =
  "limit 10240p flows 1024 quantum 1514 target 5ms interval 100ms memory_limit 32Mb ecn drop_batch 64 ";

function printStatistics({ qdisc, stats }: Device, name: string): string {
  const sent = name === "fq_codel" ? { bytes: stats.txBytes, packets: stats.txPackets } : NONE;
  const { bytes, packets, drops, overlimits, requeues }: Pick<QdiscStats, keyof QdiscStats> =
    qdisc?.stats ?? {
      ...NONE,
      ...sent,
    };
  const counts =
    ` Sent ${bytes} bytes ${packets} pkt (dropped ${drops}, overlimits ${overlimits} requeues ${requeues}) \n` +
    ` backlog ${qdisc?.backlogBytes ?? 0}b ${qdisc?.backlogPackets ?? 0}p requeues ${requeues}\n`;
  if (name !== "fq_codel") return counts;
  return `${counts}  maxpacket 0 drop_overlimit 0 new_flow_count 0 ecn_mark 0\n  new_flows_len 0 old_flows_len 0\n`;
}

const NONE = { bytes: 0, packets: 0, drops: 0, overlimits: 0, requeues: 0 };
