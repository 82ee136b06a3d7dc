import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ByNamespace, Plan, Printed, Questions, SeenFrame, Side } from "./side.js";

const DRIVER = fileURLToPath(new URL("driver.py", import.meta.url));

/** Machines as namespaces of this kernel, by way of driver.py. */
export class RealSide implements Side {
  private readonly driver: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;
  private complaints = "";

  /** All on one processor, chosen by number. */
  constructor(processor: number) {
    this.driver = spawn("python3", ["-B", DRIVER, String(processor)]);
    this.driver.stderr.on("data", (data) => {
      this.complaints += String(data);
    });
    this.answers = createInterface({ input: this.driver.stdout })[Symbol.asyncIterator]();
  }

  async open({ machines, cables }: Plan): Promise<void> {
    await this.told({ do: "open", machines: machines.map(({ name }) => name) });
    for (const { name, setup } of machines)
      await this.told({ do: "prepare", machine: name, line: setup.join("\n") });
    const macs = new Map(
      machines.flatMap(({ name, nics }) => nics.map((nic) => [`${name} ${nic.name}`, nic.mac])),
    );
    for (const { from, to } of cables)
      await this.told({ do: "plug", ends: [from, to].map((end) => [...end, macs.get(end.join(" "))]) });
  }

  async run(machine: string, line: string): Promise<Printed> {
    return this.told({ do: "run", machine, line });
  }

  async send(machine: string, space: string, device: string, frame: Uint8Array): Promise<void> {
    await this.told({ do: "send", machine, space, device, frame: Buffer.from(frame).toString("hex") });
  }

  async take(): Promise<ByNamespace<readonly SeenFrame[]>> {
    const { machines } = await this.told<{
      machines: ByNamespace<readonly [string, "in" | "out", string][]>;
    }>({ do: "take" });
    return mapped(machines, (frames) =>
      frames.map(([device, direction, hex]) => ({
        device,
        direction,
        bytes: new Uint8Array(Buffer.from(hex, "hex")),
      })),
    );
  }

  async ask(questions: Questions): Promise<ByNamespace<readonly string[]>> {
    const { machines } = await this.told<{ machines: ByNamespace<readonly string[]> }>({
      do: "ask",
      ...questions,
    });
    return machines;
  }

  async end(): Promise<void> {
    await this.told({ do: "close" });
    this.driver.stdin.end();
    await new Promise((resolve) => this.driver.on("exit", resolve));
  }

  private async told<T>(request: object): Promise<T> {
    this.driver.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.answers.next();
    if (done === true) throw new Error(`the driver has ended: ${this.complaints}`);
    const answer = JSON.parse(value as string) as T & { error?: string };
    if (answer.error !== undefined) throw new Error(`${JSON.stringify(request)}: ${answer.error}`);
    return answer;
  }
}

function mapped<A, B>(all: ByNamespace<A>, change: (one: A) => B): ByNamespace<B> {
  return Object.fromEntries(
    Object.entries(all).map(([machine, spaces]) => [
      machine,
      Object.fromEntries(Object.entries(spaces).map(([name, one]) => [name, change(one)])),
    ]),
  );
}
