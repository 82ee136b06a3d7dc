import { perEngine } from "./client-state.js";
import type { RedisEngine } from "./engine.js";

/** What an engine asks of the program around it: files, and the program's end. */
export interface ServerHost {
  /** Writes all keys. `background`: as a child of the server would. Throws a RedisError. */
  save(engine: RedisEngine, background: boolean): void;
  /** Ends the program; `save` null goes by the save points. False when the keys could not be written. */
  shutdown(engine: RedisEngine, save: boolean | null): boolean;
}

/** An engine without files: there is nothing to write, and nothing to end. */
const NO_HOST: ServerHost = {
  save: () => {},
  shutdown: (engine) => {
    for (const session of [...engine.sessions.values()]) session.close();
    return true;
  },
};

const hostOf = perEngine((): { host: ServerHost } => ({ host: NO_HOST }));

export function setServerHost(engine: RedisEngine, host: ServerHost): void {
  hostOf(engine).host = host;
}

export function serverHost(engine: RedisEngine): ServerHost {
  return hostOf(engine).host;
}
