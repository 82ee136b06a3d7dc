import { KernelError } from "../../../base/errno.js";
import type { Process } from "../../../host/process.js";
import type { RedisEngine } from "../engine.js";
import { RedisError } from "../reply.js";
import { usageOf } from "../usage.js";
import type { ServerLog } from "./log.js";
import { readRdb } from "./rdb-read.js";
import { BadRdb } from "./rdb-reader.js";
import { writeRdb } from "./rdb-write.js";

/** The file in which the keys outlive the server. */
export class Disk {
  private children = 0;

  constructor(
    private readonly process: Process,
    private readonly engine: RedisEngine,
    private readonly log: ServerLog,
  ) {}

  private get path(): string {
    const { settings } = this.engine;
    return `${settings.get("dir")}/${settings.get("dbfilename")}`.replace(/^\/+/, "/");
  }

  /** Reads the file if there is one. False: the server cannot start. */
  load(): boolean {
    const { files } = this.process;
    if (!files.exists(this.path)) return true;
    this.log.notice("Loading RDB produced by version 7.0.15");
    try {
      const { loaded, expired, auxiliary } = readRdb(this.engine, files.readBytes(this.path));
      const age = Math.floor(this.engine.now() / 1000) - Number(auxiliary.get("ctime") ?? 0);
      const memory = Number(auxiliary.get("used-mem") ?? 0) / 1024 / 1024;
      this.log.notice(`RDB age ${age} seconds`);
      this.log.notice(`RDB memory usage when created ${memory.toFixed(2)} Mb`);
      this.log.notice(`Done loading RDB, keys loaded: ${loaded}, keys expired: ${expired}.`);
      this.log.notice("DB loaded from disk: 0.000 seconds");
      return true;
    } catch (error) {
      if (!(error instanceof BadRdb)) throw error;
      this.log.warning(error.message);
      this.log.warning("Fatal error loading the DB, check server logs. Exiting.");
      return false;
    }
  }

  /** Writes the file. Throws a RedisError when the place does not allow it. */
  write(pid = this.process.innerPid, role: "C" | "M" = "M"): void {
    const bytes = writeRdb(this.engine);
    try {
      this.process.files.write(this.path, bytes);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.log.warning(`Error moving temp DB file on the final destination: ${error.message}`);
      throw new RedisError("ERR");
    }
    this.log.write("notice", "DB saved on disk", pid, role);
    const usage = usageOf(this.engine);
    usage.savedAt = this.engine.now();
    usage.saves++;
    this.engine.statistics.dirty = 0;
  }

  /** As a child process would: it is done at once here. */
  writeInBackground(): void {
    const pid = this.process.innerPid + 18 + this.children++;
    this.log.notice(`Background saving started by pid ${pid}`);
    this.write(pid, "C");
    this.log.write("notice", "Fork CoW for RDB: current 0 MB, peak 0 MB, average 0 MB", pid, "C");
    this.log.notice("Background saving terminated with success");
  }
}
