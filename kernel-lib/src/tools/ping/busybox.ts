import { formatIpv4, tryParseIpv4 } from "../../base/addresses.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { until, untilOutsider } from "../../host/waits.js";
import type { IcmpSocket } from "../../socket/icmp.js";
import { resolve } from "../net/resolve.js";
import { getopt, optionComplaint } from "../options.js";
import { errnoText, steppedTool, ToolExit } from "../tool-exit.js";
import { echoPayload } from "./echo.js";
import { milliseconds, PingStatistics } from "./statistics.js";

interface Options {
  count: number | null;
  size: number;
  ttl: number | null;
  interval: number;
  timeout: number;
  deadline: number | null;
  quiet: boolean;
  bind: string | null;
  name: string;
}

function readOptions(argv: readonly string[]): Options {
  const found = getopt(argv.slice(1), "qvAc:s:t:w:W:I:np:i:46");
  if ("error" in found) throw new ToolExit(1, optionComplaint("ping", found));
  const [name] = found.operands;
  if (name === undefined) throw new ToolExit(1, "ping: no address given\n");
  const options: Options = {
    count: null,
    size: 56,
    ttl: null,
    interval: 1,
    timeout: 10,
    deadline: null,
    quiet: false,
    bind: null,
    name,
  };
  for (const [letter, value] of found.options) {
    if (letter === "q") options.quiet = true;
    else if (letter === "I") options.bind = value;
    else if (letter === "i") options.interval = readNumber(value);
    else if (letter === "c") options.count = readNumber(value);
    else if (letter === "s") options.size = readNumber(value);
    else if (letter === "t") options.ttl = readNumber(value);
    else if (letter === "w") options.deadline = readNumber(value);
    else if (letter === "W") options.timeout = readNumber(value);
    else if (letter !== "4" && letter !== "n")
      throw new ToolExit(1, `ping: option -${letter} is not supported here\n`);
  }
  return options;
}

function readNumber(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new ToolExit(1, `ping: invalid number '${text}'\n`);
  return Number(text);
}

function openSocket(process: Process, bind: string | null): IcmpSocket {
  const socket = process.netns.icmp.socket();
  if (bind === null) return socket;
  const address = tryParseIpv4(bind);
  const device = process.netns.device(bind);
  if (address !== null) socket.source = address;
  else if (device !== undefined) socket.boundIndex = device.ifindex;
  else throw new ToolExit(1, `ping: can't bind to interface ${bind}: No such device\n`);
  return socket;
}

/** `ping` of BusyBox 1.35, as alpine and busybox images have it. ICMP errors are not shown: this ping does not know its own packet in them. */
export const busyboxPing: Program = steppedTool(function* (process): Steps<number> {
  const options = readOptions(process.argv);
  const [address] = yield* resolve(process, options.name);
  if (address === undefined) throw new ToolExit(1, `ping: bad address '${options.name}'\n`);
  const socket = openSocket(process, options.bind);
  let stopped = false;
  process.onSignal("SIGINT", () => {
    stopped = true;
    socket.wait.wakeAll();
  });
  const statistics = new PingStatistics();
  const sent = new Map<number, Nanoseconds>();
  const { scheduler } = process.host.world;
  const send = (): void => {
    const sequence = statistics.transmitted;
    sent.set(sequence, scheduler.now);
    statistics.sent(scheduler.now);
    try {
      socket.send(
        address,
        sequence & 0xffff,
        echoPayload(process, options.size),
        options.ttl === null ? {} : { ttl: options.ttl },
      );
    } catch (error) {
      throw new ToolExit(1, `ping: sendto: ${errnoText(error)}\n`);
    }
  };
  const receive = (): void => {
    for (let message = socket.receive(); message !== null; message = socket.receive()) {
      if (message.type !== 0) continue;
      const at = sent.get(message.sequence);
      const time = at === undefined || options.size < 4 ? null : Math.round((message.at - at) / 1000);
      const duplicate = statistics.reply(message.sequence, time);
      if (options.quiet) continue;
      const shown = time === null ? "" : ` time=${milliseconds(time)} ms`;
      const bytes = message.payload.length + 8;
      process.stdout.write(
        `${bytes} bytes from ${formatIpv4(message.source)}: seq=${message.sequence} ttl=${message.ttl}${shown}${duplicate ? " (DUP!)" : ""}\n`,
      );
      if (options.count !== null && statistics.received >= options.count) return;
    }
  };
  try {
    process.stdout.write(`PING ${options.name} (${formatIpv4(address)}): ${options.size} data bytes\n`);
    const end =
      options.deadline === null ? Number.POSITIVE_INFINITY : scheduler.now + seconds(options.deadline);
    let next = scheduler.now;
    let allSent = false;
    const endless = options.count === null && options.deadline === null;
    while (
      !stopped &&
      scheduler.now < end &&
      (options.count === null || statistics.received < options.count)
    ) {
      if (scheduler.now >= next) {
        if (allSent) break;
        send();
        allSent = options.count !== null && statistics.transmitted >= options.count;
        next = scheduler.now + seconds(allSent ? options.timeout : options.interval);
        receive();
        continue;
      }
      yield* (endless ? untilOutsider : until)([socket.wait], Math.min(next, end));
      receive();
    }
    process.stdout.write(printBusyboxStatistics(options.name, statistics));
    return statistics.received > 0 ? 0 : 1;
  } finally {
    socket.close();
  }
});

/** The last lines (print_stats_and_exit in networking/ping.c). */
export function printBusyboxStatistics(name: string, statistics: PingStatistics): string {
  const { transmitted, received, duplicates } = statistics;
  let text = `\n--- ${name} ping statistics ---\n${transmitted} packets transmitted, ${received} packets received, `;
  if (duplicates > 0) text += `${duplicates} duplicates, `;
  if (transmitted > 0) text += `${Math.floor(((transmitted - received) * 100) / transmitted)}% packet loss`;
  text += "\n";
  if (!Number.isFinite(statistics.least)) return text;
  const times = [statistics.least, statistics.average, statistics.greatest].map(milliseconds);
  return `${text}round-trip min/avg/max = ${times.join("/")} ms\n`;
}
