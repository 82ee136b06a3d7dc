import { tryParseIpv4 } from "../base/addresses.js";
import { checkCableFigures } from "../link/cable-figures.js";
import {
  type CablePlan,
  cableEnd,
  type LabPlan,
  type MachinePlan,
  type ServiceName,
  type SwarmPlan,
} from "./plan.js";
import { splitWords } from "./words.js";

/** A host name of RFC 1123, so that prompts, traces and `host-a# COMMAND` read well. */
const MACHINE_NAME = /^[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const CABLE_NAME = /^[A-Za-z](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
/** dev_valid_name: at most 15 bytes, no blank, no "/", no ":". */
const NIC_NAME = /^[^\s/:]{1,15}$/;

const SERVICES: readonly ServiceName[] = ["http", "dns", "metadata"];
const PLAN_FIELDS = ["machines", "switches", "cables", "swarm"];
const MACHINE_FIELDS = ["nics", "setup", "docker", "services", "nameserver", "files", "hidden"];

/** Throws a RangeError that says what is wrong with a plan, in the words of who wrote it. A plan may come from a journal, so shapes are looked at too. */
export function checkPlan(plan: LabPlan): void {
  checkFields(plan, PLAN_FIELDS, "a lab's plan");
  const { machines, switches = [], cables } = plan;
  if (!isRecord(machines) || Object.keys(machines).length === 0)
    throw new RangeError(
      'a lab\'s plan has no machines: { machines: { web: { nics: ["eth0"] } }, cables: {} }',
    );
  for (const [name, machine] of Object.entries(machines)) checkMachine(name, machine);
  checkSwitches(switches, machines);
  if (!isRecord(cables)) throw new RangeError("a lab's plan has no cables; with none to lay: { cables: {} }");
  checkCables(plan);
  if (plan.swarm !== undefined) checkSwarm(plan.swarm, machines);
}

function checkMachine(name: string, machine: MachinePlan): void {
  if (!MACHINE_NAME.test(name))
    throw new RangeError(
      `a machine cannot be named ${JSON.stringify(name)}: a letter first, then letters, digits and "-", 63 at most`,
    );
  checkFields(machine, MACHINE_FIELDS, `machine "${name}"`);
  const {
    nics = [],
    setup = [],
    docker = false,
    services = [],
    nameserver,
    files = {},
    hidden = false,
  } = machine;
  if (!Array.isArray(nics)) throw new RangeError(`machine "${name}": nics is a list of names: ["eth0"]`);
  for (const [i, nic] of nics.entries()) {
    if (typeof nic !== "string" || !NIC_NAME.test(nic) || nic === "." || nic === ".." || nic === "lo")
      throw new RangeError(
        `machine "${name}": a card cannot be named ${JSON.stringify(nic)}: 15 characters at most, no blank, "/" or ":", and not "lo"`,
      );
    if (nics.indexOf(nic) !== i) throw new RangeError(`machine "${name}" has two cards "${nic}"`);
  }
  if (!Array.isArray(setup)) throw new RangeError(`machine "${name}": setup is a list of commands`);
  for (const command of setup) commandWords(name, command);
  if (typeof docker !== "boolean") throw new RangeError(`machine "${name}": docker is true or false`);
  if (nameserver !== undefined && tryParseIpv4(String(nameserver)) === null)
    throw new RangeError(`machine "${name}": nameserver is an address, not ${JSON.stringify(nameserver)}`);
  if (!isRecord(files)) throw new RangeError(`machine "${name}": files is an object of texts by path`);
  for (const [path, text] of Object.entries(files))
    if (!/^\/.*[^/]$/.test(path) || typeof text !== "string")
      throw new RangeError(
        `machine "${name}": a file is a text by its absolute path, not ${JSON.stringify({ [path]: text })}`,
      );
  if (typeof hidden !== "boolean") throw new RangeError(`machine "${name}": hidden is true or false`);
  if (!Array.isArray(services)) throw new RangeError(`machine "${name}": services is a list of names`);
  for (const service of services)
    if (!SERVICES.includes(service))
      throw new RangeError(
        `machine "${name}": no service ${JSON.stringify(service)}; there are: ${SERVICES.join(", ")}`,
      );
}

/** The words of a set-up command. Throws a RangeError that names the machine when only a shell would understand it. */
export function commandWords(machine: string, command: string | readonly string[]): readonly string[] {
  if (Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === "string"))
    return command;
  if (typeof command !== "string")
    throw new RangeError(
      `machine "${machine}": a set-up command is a line of words or a list of words, not ${JSON.stringify(command)}`,
    );
  try {
    return splitWords(command);
  } catch {
    throw new RangeError(
      `machine "${machine}": no shell runs the set-up command "${command}": give it as a list of words`,
    );
  }
}

function checkSwitches(switches: readonly string[], machines: LabPlan["machines"]): void {
  if (!Array.isArray(switches)) throw new RangeError('switches is a list of names: ["switch"]');
  for (const [i, name] of switches.entries()) {
    if (typeof name !== "string" || !MACHINE_NAME.test(name))
      throw new RangeError(`a switch cannot be named ${JSON.stringify(name)}`);
    if (Object.hasOwn(machines, name) || switches.indexOf(name) !== i)
      throw new RangeError(`two machines or switches are named "${name}"`);
  }
}

function checkCables({ machines, switches = [], cables }: LabPlan): void {
  const taken = new Map<string, string>();
  for (const [name, cable] of Object.entries(cables)) {
    if (!CABLE_NAME.test(name)) throw new RangeError(`a cable cannot be named ${JSON.stringify(name)}`);
    const { ends, ...figures } = (cable ?? {}) as Partial<CablePlan>;
    if (!Array.isArray(ends) || ends.length !== 2 || !ends.every((end) => typeof end === "string"))
      throw new RangeError(`cable "${name}" needs two ends: { ends: ["host-a:enX0", "switch"] }`);
    checkCableFigures(figures, name);
    for (const end of ends as readonly string[]) {
      checkEnd(name, end);
      if (switches.includes(end)) continue;
      const other = taken.get(end);
      if (other === name) throw new RangeError(`cable "${name}": both its ends are ${end}`);
      if (other !== undefined)
        throw new RangeError(
          `cable "${name}": cable "${other}" is in ${end} already; a card takes one cable`,
        );
      taken.set(end, name);
    }
  }

  function checkEnd(cable: string, text: string): void {
    const { machine, nic } = cableEnd(text);
    if (switches.includes(machine)) {
      if (nic !== null)
        throw new RangeError(
          `cable "${cable}": a switch gives each cable a port of its own: write "${machine}", not "${text}"`,
        );
      return;
    }
    if (!Object.hasOwn(machines, machine))
      throw new RangeError(
        `cable "${cable}": no machine or switch "${machine}"; there are: ${[...Object.keys(machines), ...switches].join(", ")}`,
      );
    const { nics = [] } = machines[machine]!;
    const has = nics.length === 0 ? "it has none" : `it has: ${nics.join(", ")}`;
    if (nic === null)
      throw new RangeError(
        `cable "${cable}": which card of ${machine}? Write "${machine}:${nics[0] ?? "eth0"}"; ${has}`,
      );
    if (!nics.includes(nic))
      throw new RangeError(`cable "${cable}": ${machine} has no card "${nic}"; ${has}`);
  }
}

function checkSwarm(swarm: SwarmPlan, machines: LabPlan["machines"]): void {
  checkFields(swarm, ["nodes", "pool"], "a swarm's plan");
  const { nodes, pool } = swarm;
  if (!isRecord(nodes) || Object.keys(nodes).length === 0)
    throw new RangeError(
      'a swarm\'s plan has no nodes: { nodes: { docker01: { address: "192.168.56.100", role: "manager" } } }',
    );
  for (const [i, [name, node]] of Object.entries(nodes).entries()) {
    if (!Object.hasOwn(machines, name) || machines[name]!.docker !== true)
      throw new RangeError(`the swarm's node "${name}" is no machine with docker: true`);
    const { address, role } = (node ?? {}) as Partial<SwarmPlan["nodes"][string]>;
    if (tryParseIpv4(String(address)) === null)
      throw new RangeError(
        `the swarm's node "${name}": address is an address, not ${JSON.stringify(address)}`,
      );
    if (role !== "manager" && role !== "worker")
      throw new RangeError(
        `the swarm's node "${name}": role is "manager" or "worker", not ${JSON.stringify(role)}`,
      );
    if (i === 0 && role !== "manager")
      throw new RangeError(`the swarm's first node, "${name}", makes the swarm: it is a manager`);
  }
  if (pool !== undefined) checkPool(pool);
}

function checkPool(pool: NonNullable<SwarmPlan["pool"]>): void {
  checkFields(pool, ["subnet", "maskLength"], "a swarm's pool");
  if (typeof pool.subnet !== "string" || !Number.isInteger(pool.maskLength))
    throw new RangeError('a swarm\'s pool is { subnet: "10.255.0.0/16", maskLength: 16 }');
}

function checkFields(value: unknown, known: readonly string[], of: string): void {
  if (!isRecord(value)) throw new RangeError(`${of} is an object`);
  const wrong = Object.keys(value).find((field) => !known.includes(field));
  if (wrong !== undefined) throw new RangeError(`${of} has no "${wrong}"; there are: ${known.join(", ")}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
