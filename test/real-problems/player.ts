import { Lab } from "hopbook";
import type { DockerVersion } from "../../kernel-lib/src/docker/versions/version.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";
import type { HookStep } from "../../kernel-lib/src/trace/events.js";
import type { Journey } from "../../kernel-lib/src/trace/journey.js";

/** The swarm of a case: docker01 manager, docker02 worker, docker03 manager, the client on their LAN. */
export interface SwarmStage {
  readonly lab: Lab;
  readonly docker01: Machine;
  readonly docker02: Machine;
  readonly docker03: Machine;
  readonly client: Machine;
}

/** `joined: false` leaves `docker swarm init` to the case. */
export function swarmStage(docker: DockerVersion = "20.10", joined = true): SwarmStage {
  const lab = Lab.preset("swarm", { docker, joined, seed: 7 }) as unknown as Lab;
  const machine = (name: string) => lab.machine(name);
  const [docker01, docker02, docker03] = [machine("docker01"), machine("docker02"), machine("docker03")];
  return { lab, docker01, docker02, docker03, client: machine("client") };
}

/** The lab of a case: `single` with one Docker host, `lan` with a neighbour on its LAN. Docker 20.10 unless the case says otherwise. */
export interface Stage {
  readonly lab: Lab;
  readonly docker01: Machine;
  readonly client: Machine;
  readonly router: Machine;
  /** A machine on docker01's LAN; it has Docker too. */
  readonly hostB: Machine;
}

export function stage(where: "single" | "lan", docker: DockerVersion = "20.10"): Stage {
  const lab = Lab.preset(where === "single" ? "single" : "vxlan", { docker, seed: 7 }) as unknown as Lab;
  const machine = (name: string) => lab.machine(name);
  return {
    lab,
    docker01: machine(where === "single" ? "docker01" : "host-a"),
    client: machine("client"),
    router: machine("router"),
    get hostB() {
      return machine("host-b");
    },
  };
}

/** Types a line on a machine; what it printed on both streams. */
export async function type(machine: Machine, line: string): Promise<string> {
  const { stdout, stderr } = await machine.script(line);
  return stdout + stderr;
}

/** Types the lines of a set-up or a fix: each must succeed. */
export async function succeed(machine: Machine, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const { status, stderr } = await machine.script(line);
    if (status !== 0) throw new Error(`${machine.name}: ${line}: ${stderr}`);
  }
}

/** Runs a capture on a machine while something happens: gives its lines, times cut off. */
export async function captured(
  machine: Machine,
  capture: string,
  meanwhile: () => Promise<unknown>,
): Promise<readonly string[]> {
  await machine.script(`${capture} > /tmp/seen 2> /dev/null &`);
  await meanwhile();
  await machine.script('kill -INT "$!"; wait');
  const lines = machine.read("/tmp/seen").trimEnd().split("\n");
  return lines.filter((line) => line !== "").map((line) => line.replace(/^\d\d:\d\d:\d\d\.\d+ /, ""));
}

/** How a packet ended: `docker01, ip forward: IP_FORWARDING_DISABLED`, `api: 5000/tcp`. */
export function endsOf(journey: Journey): readonly string[] {
  return journey.fates.map((fate) => {
    if (fate.kind === "drop") return `${fate.netns}, ${fate.where}: ${fate.reason}`;
    return fate.kind === "delivered" ? `${fate.netns}: ${fate.to}` : "under way";
  });
}

/** A rule that a packet met: `nat POSTROUTING: -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE`. */
export interface Met {
  readonly netns: string;
  readonly hook: string;
  readonly rule: string;
  readonly matched: boolean;
  /** Of a near miss: the first term that does not hold. */
  readonly failed: string | undefined;
  /** The command that made the rule, and the docker command behind it. */
  readonly origin: HookStep["origin"];
}

/** All rules that a packet met, in order. */
export function rulesMet(journey: Journey): readonly Met[] {
  return journey.events.flatMap((event) =>
    event.kind !== "hook"
      ? []
      : event.steps.map((step) => ({
          netns: event.netns,
          hook: event.hook,
          rule: `${step.table} ${step.chain}: ${step.text}`,
          matched: step.matched,
          failed: step.failed,
          origin: step.origin,
        })),
  );
}

/** The first rule with this text in it that the packet met. */
export function ruleMet(journey: Journey, text: string): Met {
  const met = rulesMet(journey);
  const found = met.find(({ rule }) => rule.includes(text));
  if (found !== undefined) return found;
  throw new Error(`${journey.summary} met no rule "${text}":\n${met.map(({ rule }) => rule).join("\n")}`);
}
