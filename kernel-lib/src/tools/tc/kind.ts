import type { Device } from "../../link/device.js";
import type { Qdisc } from "../../link/qdisc/qdisc.js";

/** A queueing discipline as `tc` reads, makes, changes and prints it. */
export interface QdiscKind<Config, Own extends Qdisc> {
  readonly name: string;
  parse(words: readonly string[]): Config;
  create(device: Device, handle: number, config: Config): Own;
  change(qdisc: Own, config: Config): void;
  isOwn(qdisc: Qdisc): qdisc is Own;
  print(qdisc: Own): string;
}
