import type { CommandOutput } from "./command-output.js";
import type { Job } from "./job.js";
import type { LoadOptions } from "./load/options.js";
import type { LoadResult } from "./load/result.js";
import type { LoadRun } from "./load/run.js";
import type { Machine } from "./machine.js";
import type { WebSocketClient } from "./websocket.js";
import { splitWords } from "./words.js";

/** A container of a machine: what is run here is `docker exec NAME …` on the machine. */
export class Container {
  constructor(
    readonly machine: Machine,
    readonly name: string,
  ) {}

  exec(first: string, ...rest: string[]): CommandOutput {
    return this.machine.exec("docker", "exec", this.name, ...this.words(first, rest));
  }

  start(first: string, ...rest: string[]): Job {
    return this.machine.start("docker", "exec", this.name, ...this.words(first, rest));
  }

  get(url: string): CommandOutput {
    return this.exec("curl", "-s", url);
  }

  ping(address: string, options: { readonly count?: number } = {}): CommandOutput {
    return this.exec("ping", "-c", String(options.count ?? 3), address);
  }

  /** Requests from this container, as {@link Machine.load}: `http://NAME/` is looked up by its resolver. */
  load(options: LoadOptions): LoadResult {
    return this.startLoad(options).finish();
  }

  startLoad(options: LoadOptions): LoadRun {
    return this.machine.startLoadIn(this.name, options);
  }

  /** Opens a WebSocket from this container, as {@link Machine.webSocket}. Throws a RangeError when the container does not run. */
  async webSocket(url: string): Promise<WebSocketClient> {
    return this.machine.webSocketIn(this.name, url);
  }

  private words(first: string, rest: readonly string[]): string[] {
    return rest.length === 0 ? splitWords(first) : [first, ...rest];
  }
}
