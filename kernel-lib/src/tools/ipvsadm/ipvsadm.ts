import { KernelError } from "../../base/errno.js";
import type { Process, Program } from "../../host/process.js";
import type { Ipvs } from "../../ipvs/ipvs.js";
import { UNSUPPORTED_SCHEDULERS } from "../../ipvs/schedulers/index.js";
import type { RuleOrigin } from "../../trace/events.js";
import { originOf } from "../iptables/iptables.js";
import { namesFor } from "../iptables/names.js";
import { errnoText, ToolExit, tool } from "../tool-exit.js";
import { checkFit, checkOptions } from "./checks.js";
import { type CommandLine, fail, type IpvsCommand, readCommandLine } from "./command-line.js";
import { connectionListing, listing } from "./listing.js";
import { saved } from "./save.js";
import { writer } from "./text.js";
import { USAGE, VERSION } from "./usage.js";
import { timeoutOf, Values } from "./values.js";

/** What ipvsadm says for an error of the kernel, by what was asked (ipvs_strerror). */
const WORDS: Readonly<Record<string, Readonly<Partial<Record<IpvsCommand, string>>>>> = {
  EEXIST: { "add-service": "Service already exists", "add-server": "Destination already exists" },
  ENOENT: {
    "add-service": "Scheduler or persistence engine not found",
    "edit-service": "Scheduler or persistence engine not found",
    "edit-server": "No such destination",
    "delete-server": "No such destination",
  },
  ESRCH: {
    "edit-service": "No such service",
    "delete-service": "No such service",
    zero: "No such service",
    "add-server": "Service not defined",
    "edit-server": "Service not defined",
    "delete-server": "Service not defined",
  },
};

/** `ipvsadm` 1.31 for the services of the process's namespace. */
export const ipvsadm: Program = tool((process) => {
  const words = process.argv.slice(1);
  const [first = ""] = words;
  if (first === "-h" || first === "--help") process.stdout.write(USAGE);
  else if (first === "-v" || first === "--version") process.stdout.write(VERSION);
  else run(process, words.length === 0 ? ["-L"] : words);
  return 0;
});

/** `ipvsadm-save [-n]`, a script around `ipvsadm -S`. */
export const ipvsadmSave: Program = tool((process) => {
  run(process, ["-S", ...process.argv.slice(1)]);
  return 0;
});

/** `ipvsadm-restore`: clears the table, then reads commands. */
export const ipvsadmRestore: Program = tool((process) => {
  run(process, ["-C"]);
  run(process, ["-R"]);
  return 0;
});

function run(process: Process, words: readonly string[], origin = originOf(process)): void {
  const line = readCommandLine(words);
  if (line.command === "restore") {
    checkFit("restore", checkOptions(line));
    restore(process, origin);
    return;
  }
  const { ipvs } = process.netns;
  try {
    obey(process, ipvs, line, origin);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new ToolExit(255, `${WORDS[error.errno]?.[line.command] ?? errnoText(error)}\n`);
  }
}

/** Each line is a command line; one that fails says so, and the next is done (ipvsadm -R). */
function restore(process: Process, origin: RuleOrigin): void {
  for (const text of process.stdin.split("\n")) {
    const words = text.split(/\s+/).filter((word) => word !== "");
    if (words.length === 0) continue;
    try {
      run(process, words, origin);
    } catch (error) {
      if (!(error instanceof ToolExit)) throw error;
      process.stderr.write(error.text);
      // A line that is no command ends the whole; one that the kernel refuses does not.
      if (error.status === 2 || error.text.startsWith("Try ")) throw new ToolExit(0, "");
    }
  }
}

function obey(process: Process, ipvs: Ipvs, line: CommandLine, origin: RuleOrigin): void {
  const { command } = line;
  const given = checkOptions(line);
  const values = new Values(namesFor(process));
  for (const option of line.options) values.take(option);
  checkFit(command, given);
  const { key, settings, server, destination } = values;
  switch (command) {
    case "add-service":
    case "edit-service":
      if (key.fwmark === 0 && key.port === 0 && settings.persistence === null)
        throw fail("Zero port specified for non-persistent service");
      if (UNSUPPORTED_SCHEDULERS.has(settings.scheduler))
        throw fail(`ipvsadm: scheduler "${settings.scheduler}" is not supported here`);
      if (command === "add-service") ipvs.addService(key, settings);
      else ipvs.editService(key, settings);
      return;
    case "delete-service":
      ipvs.deleteService(key);
      return;
    case "flush":
      ipvs.flush();
      return;
    case "add-server":
      ipvs.addDestination(key, server.address, values.serverPort, destination, origin);
      return;
    case "edit-server":
      ipvs.editDestination(key, server.address, values.serverPort, destination, origin);
      return;
    case "delete-server":
      ipvs.deleteDestination(key, server.address, server.port);
      return;
    case "zero":
      ipvs.zero(given.has("service-address") ? key : null);
      return;
    case "timeout":
      setTimeouts(ipvs, line.operands);
      return;
    default:
      show(process, ipvs, line, values, given);
  }
}

function setTimeouts(ipvs: Ipvs, operands: readonly string[]): void {
  if (operands.length !== 3) throw fail("--set option requires 3 timeout values");
  const [tcp, tcpFin, udp] = operands.map((text) => timeoutOf(text, 0)) as [number, number, number];
  ipvs.settings.setTimeouts(tcp, tcpFin, udp);
}

function show(
  process: Process,
  ipvs: Ipvs,
  { command }: CommandLine,
  { key }: Values,
  given: ReturnType<typeof checkOptions>,
): void {
  const write = writer(given.has("numeric") ? null : namesFor(process));
  if (command === "save") process.stdout.write(saved(ipvs, write));
  else if (given.has("timeout"))
    process.stdout.write(`Timeout (tcp tcpfin udp): ${ipvs.settings.timeouts.join(" ")}\n`);
  else if (given.has("connection")) process.stdout.write(connectionListing(ipvs, write));
  else if (!given.has("daemon")) {
    const only = given.has("service-address") ? ipvs.service(key) : null;
    if (only === undefined) throw new ToolExit(1, "No such service\n");
    process.stdout.write(listing(ipvs, only, given, write));
  }
}
