import { type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import type { Nanoseconds } from "../../base/units.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { Thread } from "../../host/thread.js";
import { sleepUntil, until } from "../../host/waits.js";
import type { Random } from "../../sim/random.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { LOOKUP_FAILURES, lookup } from "../../tools/net/resolve.js";
import { openSocket } from "../../tools/net/stream.js";
import { type HttpUrl, hostField } from "../../tools/net/url.js";
import { LoadConnection, type Outcome } from "./exchange.js";
import type { LoadPlan } from "./options.js";
import type { LoadRecord } from "./record.js";

/** The program of a load: it makes requests at the plan's times, and ends when all have an outcome. */
export function loadProgram(plan: LoadPlan, record: LoadRecord, random: Random): Program {
  return (process) => new Generator(process, plan, record, random).run();
}

class Generator implements Outcome {
  /** Begun and without an outcome. */
  private open = 0;
  private readonly connections = new Set<LoadConnection>();
  /** Kept connections that have nothing to do, by url; the one used last is taken first. */
  private readonly kept: LoadConnection[][];
  private readonly words: readonly Uint8Array[];
  private readonly addresses: readonly (Ipv4 | null)[];
  private readonly finished: WaitQueue;

  constructor(
    private readonly process: Process,
    private readonly plan: LoadPlan,
    private readonly record: LoadRecord,
    private readonly random: Random,
  ) {
    this.finished = new WaitQueue(process.host.world.scheduler);
    this.kept = plan.urls.map(() => []);
    this.words = plan.urls.map((url) => requestWords(url, plan.keepAlive));
    this.addresses = plan.urls.map(({ host }) => tryParseIpv4(host));
  }

  *run(): Steps {
    const { plan, record } = this;
    const { scheduler } = this.process.host.world;
    const end = scheduler.now + plan.duration;
    try {
      let due = scheduler.now + this.gap();
      while (record.at.length < plan.requests && due < end) {
        yield* sleepUntil(scheduler, due);
        this.begin(due);
        due += this.gap();
      }
      while (this.open > 0) yield* until([this.finished]);
      return 0;
    } finally {
      for (const connection of this.connections) connection.close();
    }
  }

  answered(request: number, text: string): void {
    this.record.answered(request, this.process.host.world.scheduler.now, text);
    this.close();
  }

  failed(request: number, reason: string): void {
    this.record.failed(request, reason);
    this.close();
  }

  idle(connection: LoadConnection): void {
    if (this.plan.keepAlive) this.kept[connection.url]!.push(connection);
  }

  gone(connection: LoadConnection): void {
    this.connections.delete(connection);
    const kept = this.kept[connection.url]!;
    const at = kept.indexOf(connection);
    if (at >= 0) kept.splice(at, 1);
  }

  private close(): void {
    if (--this.open === 0) this.finished.wakeAll();
  }

  /** Time to the next request: of a Poisson process it has an exponential distribution. */
  private gap(): Nanoseconds {
    const mean = 1e9 / this.plan.rate;
    return Math.round(this.plan.arrivals === "constant" ? mean : -Math.log(1 - this.random.unit()) * mean);
  }

  private begin(due: Nanoseconds): void {
    const { plan, record, process } = this;
    const url = record.at.length % plan.urls.length;
    const request = record.begin(due, url);
    this.open++;
    const kept = this.kept[url]!.pop();
    if (kept !== undefined) {
      kept.ask(request, this.words[url]!, due + plan.timeout);
      return;
    }
    const address = this.addresses[url] ?? null;
    if (address !== null) this.connect(request, url, address);
    else new Thread(process, this.lookUp(request, url));
  }

  private *lookUp(request: number, url: number): Steps<void> {
    const { addresses, failure } = yield* lookup(this.process, this.plan.urls[url]!.host);
    const [first] = addresses;
    if (first === undefined) this.failed(request, LOOKUP_FAILURES[failure ?? "noname"].toLowerCase());
    else this.connect(request, url, first);
  }

  private connect(request: number, url: number, address: Ipv4): void {
    const { plan, process } = this;
    const { scheduler } = process.host.world;
    const connection = new LoadConnection(scheduler, openSocket(process), url, this);
    this.connections.add(connection);
    const from = plan.from.length === 0 ? 0 : plan.from[request % plan.from.length]!;
    connection.open(request, from, address, plan.urls[url]!.port);
    connection.ask(request, this.words[url]!, this.record.at[request]! + plan.timeout);
  }
}

function requestWords(url: HttpUrl, keepAlive: boolean): Uint8Array {
  const connection = keepAlive ? "" : "Connection: close\r\n";
  return new TextEncoder().encode(
    `GET ${url.target} HTTP/1.1\r\nHost: ${hostField(url)}\r\nUser-Agent: load\r\nAccept: */*\r\n${connection}\r\n`,
  );
}
