import { seconds } from "../../../base/units.js";
import type { Process, Steps } from "../../../host/process.js";
import { sleep } from "../../../host/waits.js";
import { lower, utf8Bytes } from "../byte-text.js";
import { CliConnection, ConnectionLost } from "./connection.js";
import { formatReply, type OutputForm, raw, shown } from "./format.js";
import type { CliOptions } from "./options.js";
import type { CliReply } from "./reply.js";

/** Commands whose answers are texts for people: they are printed as they are. */
const PLAIN = new Set([
  "info",
  "lolwut",
  "client list",
  "client info",
  "memory doctor",
  "latency doctor",
  "cluster nodes",
  "cluster info",
]);
const LISTENS = new Set(["subscribe", "psubscribe", "ssubscribe"]);

/** One redis-cli: its connection, and what it knows of its state for the prompt. */
export class CliClient {
  readonly form: OutputForm;
  host: string;
  port: number;
  private database: number;
  private inTransaction = false;
  private databaseBefore = 0;
  private connection: CliConnection | null = null;
  private shuttingDown = false;
  /** The last reply's kind. */
  last: CliReply["kind"] | null = null;

  constructor(
    private readonly process: Process,
    private readonly options: CliOptions,
  ) {
    this.form = options.form ?? (process.tty ? "standard" : "raw");
    this.host = options.host;
    this.port = options.port;
    this.database = options.database;
  }

  /** `127.0.0.1:6379[1](TX)> `. */
  get prompt(): string {
    if (this.connection === null) return "not connected> ";
    const database = this.database === 0 ? "" : `[${this.database}]`;
    return `${this.host}:${this.port}${database}${this.inTransaction ? "(TX)" : ""}> `;
  }

  /** False when there is nobody; it says so. */
  *connect(): Steps<boolean> {
    this.close();
    try {
      const connection = yield* CliConnection.open(this.process, this.host, this.port);
      this.connection = connection;
      yield* this.prepare(connection);
      return true;
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      this.complain(`Could not connect to Redis at ${this.host}:${this.port}: ${error.message}`);
      this.close();
      return false;
    }
  }

  close(): void {
    this.connection?.close();
    this.connection = null;
  }

  /** Password, database, protocol. */
  private *prepare(connection: CliConnection): Steps<void> {
    const { password, user, protocol } = this.options;
    if (password !== null) {
      const words = user === null ? [password] : [user, password];
      const reply = yield* this.ask(connection, ["AUTH", ...words.map(utf8Bytes)]);
      if (reply.kind === "error") this.complain(`AUTH failed: ${reply.text}`);
    }
    if (this.database !== 0) {
      const reply = yield* this.ask(connection, ["SELECT", String(this.database)]);
      if (reply.kind === "error") this.complain(`SELECT ${this.database} failed: ${reply.text}`);
    }
    if (protocol === 3) {
      const reply = yield* this.ask(connection, ["HELLO", "3"]);
      if (reply.kind === "error") this.complain(`HELLO 3 failed: ${reply.text}`);
    }
  }

  private *ask(connection: CliConnection, words: readonly string[]): Steps<CliReply> {
    yield* connection.send(words);
    return yield* connection.receive();
  }

  /** Carries out a command so many times, and prints its answers; false when the connection was lost. */
  *command(words: readonly string[], repeat = 1): Steps<boolean> {
    if (this.connection === null && !(yield* this.connect())) return false;
    try {
      for (let i = 0; i < repeat; i++) {
        yield* this.once(words);
        if (this.options.interval > 0) yield* sleep(this.process, seconds(this.options.interval));
      }
      return true;
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      this.close();
      if (this.shuttingDown) return true;
      this.complain(`Error: ${error.message}`);
      return false;
    }
  }

  /** One command's reply, without printing it; null when the connection was lost. */
  *request(words: readonly string[]): Steps<CliReply | null> {
    if (this.connection === null && !(yield* this.connect())) return null;
    try {
      return yield* this.ask(this.connection!, words);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      this.close();
      this.complain(`Error: ${error.message}`);
      return null;
    }
  }

  private *once(words: readonly string[]): Steps<void> {
    const connection = this.connection!;
    const name = lower(words[0]!);
    this.shuttingDown = name === "shutdown";
    yield* connection.send(words);
    if (LISTENS.has(name) || name === "monitor") yield* this.listen(connection, name);
    else {
      const reply = this.print(yield* connection.receive(), this.isPlain(words));
      this.follow(words, reply);
    }
  }

  /** Prints what comes, until the server ends or refuses. */
  private *listen(connection: CliConnection, name: string): Steps<void> {
    if (name !== "monitor" && this.form !== "raw")
      this.process.stdout.write("Reading messages... (press Ctrl-C to quit)\n");
    for (let first = true; ; first = false) {
      const reply = this.print(yield* connection.receive(!first), false);
      if (reply.kind === "error") return;
    }
  }

  private isPlain(words: readonly string[]): boolean {
    return PLAIN.has(lower(words[0]!)) || PLAIN.has(lower(words.slice(0, 2).join(" ")));
  }

  private print(reply: CliReply, plain: boolean): CliReply {
    const { between, behind, failsByReply } = this.options;
    this.last = reply.kind;
    const style = { form: this.form, between: utf8Bytes(between), behind: utf8Bytes(behind) };
    const text = shown(plain ? raw(reply, style.between) : formatReply(reply, style));
    // With -e an error goes where errors go.
    if (failsByReply && reply.kind === "error") this.complain(shown(reply.text));
    else this.process.stdout.write(text);
    return reply;
  }

  /** What a command means for the prompt. */
  private follow(words: readonly string[], reply: CliReply): void {
    const failed = reply.kind === "error";
    switch (lower(words[0]!)) {
      case "select":
        if (!failed && words.length === 2) this.database = Number.parseInt(words[1]!, 10);
        break;
      case "multi":
        if (failed) break;
        this.inTransaction = true;
        this.databaseBefore = this.database;
        break;
      case "exec":
        if (this.inTransaction && (failed || reply.kind === "nil")) this.database = this.databaseBefore;
        this.inTransaction = false;
        break;
      case "discard":
        if (failed) break;
        this.inTransaction = false;
        this.database = this.databaseBefore;
        break;
      case "reset":
        this.inTransaction = false;
        this.database = 0;
        break;
    }
  }

  private complain(text: string): void {
    this.process.stderr.write(`${text}\n`);
  }
}
