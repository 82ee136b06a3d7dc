import type { Process } from "../../host/process.js";
import { MOST_PROCESSORS } from "../../host/processors.js";
import { Random } from "../../sim/random.js";
import type { World } from "../../trace/world.js";
import type { Journal, JournalEntry } from "../journal.js";
import { type LoadOptions, readLoadOptions } from "./options.js";
import type { Site } from "./replicas.js";
import { LoadRun } from "./run.js";
import { checkServiceTime, type ServiceTime, ServiceTimes } from "./service-times.js";

/** What the journal says of loads. */
export type LoadEntry = Extract<
  JournalEntry,
  { readonly kind: "load" | "load-end" | "service-time" | "processors" }
>;

/** Loads of a lab, and what requests cost its machines. Each change is a line of the journal. */
export class Loads {
  private readonly runs: LoadRun[] = [];
  private readonly times: ServiceTimes;

  constructor(
    private readonly world: World,
    private readonly journal: Journal,
    private readonly sites: readonly Site[],
  ) {
    this.times = new ServiceTimes(sites, world.random.fork("service-time"));
  }

  /** Begins a load on a machine, or in one of its containers. Throws a RangeError for wrong options, changing nothing. */
  start(machine: string, container: string | null, options: LoadOptions): LoadRun {
    readLoadOptions(options);
    const parent = this.parentOf(machine, container);
    const load = this.runs.length;
    const at = this.world.scheduler.now;
    const inside = container === null ? {} : { container };
    this.journal.append({ kind: "load", at, machine, ...inside, load, options: { ...options } });
    const random =
      options.seed === undefined ? this.world.random.fork(`load/${load}`) : new Random(options.seed, "load");
    const run = new LoadRun(this.sites, parent, options, random, () =>
      this.journal.append({ kind: "load-end", at: this.world.scheduler.now, load }),
    );
    this.runs.push(run);
    return run;
  }

  setServiceTime(container: string, time: ServiceTime): void {
    checkServiceTime(time);
    const at = this.world.scheduler.now;
    this.journal.append({ kind: "service-time", at, container, time: { ...time } });
    this.times.set(container, time);
  }

  setProcessors(machine: string, count: number): void {
    if (!Number.isInteger(count) || count < 1 || count > MOST_PROCESSORS)
      throw new RangeError(`a machine has 1 to ${MOST_PROCESSORS} processors, not ${count}`);
    this.journal.append({ kind: "processors", at: this.world.scheduler.now, machine, count });
    this.site(machine).host.processors.count = count;
  }

  /** Does an entry of a journal again. */
  redo(entry: LoadEntry): string {
    switch (entry.kind) {
      case "load":
        this.start(entry.machine, entry.container ?? null, entry.options as unknown as LoadOptions);
        return "";
      case "load-end":
        return String(this.runs[entry.load]?.finish() ?? "");
      case "service-time":
        this.setServiceTime(entry.container, entry.time as unknown as ServiceTime);
        return "";
      case "processors":
        this.setProcessors(entry.machine, entry.count);
        return "";
    }
  }

  private site(machine: string): Site {
    const site = this.sites.find(({ host }) => host.name === machine);
    if (site === undefined) throw new RangeError(`the lab has no machine "${machine}"`);
    return site;
  }

  /** Whose child a load's program is: the machine's first process, or the container's. Throws a RangeError when there is none. */
  parentOf(machine: string, container: string | null): Process {
    const { host, engine } = this.site(machine);
    if (container === null) return host.init;
    const sandbox = engine?.containers.tryFind(container)?.sandbox;
    if (sandbox === undefined || sandbox === null)
      throw new RangeError(`${machine} has no running container "${container}"`);
    return sandbox.process;
  }
}
