import { type CommandLine, fail, type IpvsCommand, type IpvsOption } from "./command-line.js";

/** Options in the order in which the tool looks for them. */
const ORDER: readonly IpvsOption[] = [
  "numeric",
  "connection",
  "service-address",
  "scheduler",
  "persistent",
  "netmask",
  "real-server",
  "forwarding-method",
  "weight",
  "u-threshold",
  "l-threshold",
  "timeout",
  "daemon",
  "stats",
  "rate",
  "thresholds",
  "persistent-conn",
  "nosort",
  "exact",
  "ops",
  "sched-flags",
  "tun-type",
];

/** What each command needs (`+`), takes, or takes one of (`1`); all other options are illegal with it. */
interface Rule {
  readonly needs?: readonly IpvsOption[];
  readonly takes?: readonly IpvsOption[];
  readonly oneOf?: readonly IpvsOption[];
}

const SERVICE: Rule = {
  needs: ["service-address"],
  takes: ["scheduler", "persistent", "netmask", "ops", "sched-flags"],
};
const SERVER: Rule = {
  needs: ["service-address", "real-server"],
  takes: ["forwarding-method", "weight", "u-threshold", "l-threshold", "tun-type"],
};

const RULES: Readonly<Record<IpvsCommand, Rule>> = {
  "add-service": SERVICE,
  "edit-service": SERVICE,
  "delete-service": { needs: ["service-address"] },
  flush: {},
  list: {
    takes: ["numeric", "stats", "rate", "thresholds", "persistent-conn", "nosort", "exact"],
    oneOf: ["connection", "service-address", "timeout", "daemon"],
  },
  "add-server": SERVER,
  "delete-server": { needs: ["service-address", "real-server"] },
  "edit-server": SERVER,
  timeout: {},
  zero: { takes: ["service-address"] },
  save: { takes: ["numeric"] },
  restore: {},
};

/** Checks that the options fit the command and each other (generic_opt_check). Throws in the tool's words. */
export function checkOptions({ options }: CommandLine): ReadonlySet<IpvsOption> {
  const given = new Set<IpvsOption>();
  for (const { option } of options) {
    if (option === null) continue;
    if (given.has(option)) throw fail(`multiple '${option}' options specified`);
    given.add(option);
  }
  return given;
}

/** The second look, after the values have been read. */
export function checkFit(command: IpvsCommand, given: ReadonlySet<IpvsOption>): void {
  const { needs = [], takes = [], oneOf = [] } = RULES[command];
  let last: IpvsOption | null = null;
  for (const option of ORDER) {
    if (!given.has(option)) {
      if (needs.includes(option))
        throw fail(`You need to supply the '${option}' option for the '${command}' command`);
      continue;
    }
    if (!needs.includes(option) && !takes.includes(option) && !oneOf.includes(option))
      throw fail(`Illegal '${option}' option with the '${command}' command`);
    if (!oneOf.includes(option)) continue;
    if (last !== null)
      throw fail(`The option '${option}' conflicts with the '${last}' option in the '${command}' command`);
    last = option;
  }
  const numbers: readonly IpvsOption[] = ["stats", "rate", "thresholds", "persistent-conn"];
  const others: readonly IpvsOption[] = ["connection", "timeout", "daemon"];
  const both = numbers.some((option) => given.has(option)) && others.some((option) => given.has(option));
  if (command === "list" && both) throw fail("options conflicts in the list command");
}
