import { formatIpv4, formatMac, type Ipv4, type Mac } from "../../base/addresses.js";
import type { Process, Program, Steps } from "../../host/process.js";
import type { Device } from "../../link/device.js";
import { LOOKUP_FAILURES, lookup } from "../net/resolve.js";
import { getopt, optionComplaint } from "../options.js";
import { steppedTool, ToolExit } from "../tool-exit.js";
import { runArping } from "./run.js";
import type { ArpAnswer, ArpingOptions, ArpingSession } from "./session.js";
import { isArpable } from "./source.js";

const USAGE = `
Usage:
  arping [options] <destination>

Options:
  -f            quit on first reply
  -q            be quiet
  -b            keep on broadcasting, do not unicast
  -D            duplicate address detection mode
  -U            unsolicited ARP mode, update your neighbours
  -A            ARP answer mode, update your neighbours
  -V            print version and exit
  -c <count>    how many packets to send
  -w <timeout>  how long to wait for a reply
  -i <interval> set interval between packets (default: 1 second)
  -I <device>   which ethernet device to use
  -s <source>   source ip address
  <destination> dns name or ip address

For more details see arping(8).
`;

const VERSION =
  "arping from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n";

interface CommandLine extends ArpingOptions {
  readonly device: string | null;
  readonly source: string | null;
  readonly destination: string;
}

/** `arping` of iputils 20221126. */
export const arping: Program = steppedTool(function* (process): Steps<number> {
  const line = readCommandLine(process.argv.slice(1));
  const { addresses, failure } = yield* lookup(process, line.destination);
  const [target] = addresses;
  if (target === undefined)
    throw new ToolExit(2, `arping: ${line.destination}: ${LOOKUP_FAILURES[failure ?? "noname"]}\n`);
  const device = deviceFor(process, line, target);
  const session = yield* runArping(process, device, target, line, {
    invalidSource: `arping: invalid source ${line.source}\n`,
    answer: answerText,
    closing: closingText,
  });
  if (line.duplicate) return session.received > 0 ? 1 : 0;
  return line.unsolicited || session.sent === session.received ? 0 : 1;
});

function readCommandLine(words: readonly string[]): CommandLine {
  const found = getopt(words, "hfqbDUAVc:w:i:I:s:");
  if ("error" in found) throw new ToolExit(2, optionComplaint("arping", found) + USAGE);
  const last = new Map(found.options);
  if (last.has("V")) throw new ToolExit(0, "", VERSION);
  const number = (letter: string, least: number) => readNumber(last.get(letter), least);
  const [count, deadline, interval] = [number("c", 1), number("w", 0), number("i", 0)];
  const [destination] = found.operands;
  if (last.has("h") || destination === undefined || found.operands.length > 1) throw new ToolExit(2, USAGE);
  return {
    count,
    deadline: deadline === 0 ? null : deadline,
    deadlineAtProbe: false,
    interval: interval ?? 1,
    quiet: last.has("q"),
    quitOnReply: last.has("f"),
    broadcastOnly: last.has("b"),
    duplicate: last.has("D"),
    unsolicited: last.has("U") || last.has("A"),
    answer: last.has("A"),
    device: last.get("I") ?? null,
    source: last.get("s") ?? null,
    destination,
  };
}

const GREATEST = 2 ** 31 - 1;

function readNumber(text: string | undefined, least: number): number | null {
  if (text === undefined) return null;
  if (!/^[+-]?\d+$/.test(text)) throw new ToolExit(1, `arping: invalid argument: '${text}'\n`);
  const value = Number(text);
  if (value < least || value > GREATEST)
    throw new ToolExit(
      1,
      `arping: invalid argument: '${text}': out of range: ${least} <= value <= ${GREATEST}\n`,
    );
  return value;
}

/** The device of -I, else the one that the routes name. */
function deviceFor({ netns }: Process, { device: name }: CommandLine, target: Ipv4): Device {
  if (name === null) {
    const path = netns.findPath(target);
    if (typeof path === "string") throw new ToolExit(1, "arping: NETLINK_ROUTE unexpected iov element\n");
    return path.device;
  }
  const device = netns.device(name);
  if (device === undefined) throw new ToolExit(2, `arping: Device ${name} not available.\n`);
  if (!device.up) throw new ToolExit(2, `Interface "${name}" is down\n`);
  if (!isArpable(device)) throw new ToolExit(2, `Interface "${name}" is not ARPable\n`);
  return device;
}

const capitals = (mac: Mac) => formatMac(mac).toUpperCase();

function answerText(answer: ArpAnswer, source: Ipv4, own: Mac): string {
  const cast = answer.unicast ? "Unicast" : "Broadcast";
  const kind = answer.request ? "request" : "reply";
  const forAddress = answer.targetIp === source ? "" : `for ${formatIpv4(answer.targetIp)} `;
  const forMac =
    answer.targetMac === own ? "" : `${forAddress === "" ? "for " : ""}[${capitals(answer.targetMac)}]`;
  const time = ` ${(answer.after / 1e6).toFixed(3)}ms`;
  return `${cast} ${kind} from ${formatIpv4(answer.senderIp)} [${capitals(answer.senderMac)}] ${forAddress}${forMac}${time}\n`;
}

function closingText({
  sent,
  broadcasts,
  received,
  requestsReceived,
  broadcastsReceived,
}: ArpingSession): string {
  const parts = [
    ...(requestsReceived > 0 ? [`${requestsReceived} request(s)`] : []),
    ...(broadcastsReceived > 0 ? [`${broadcastsReceived} broadcast(s)`] : []),
  ];
  const detail = parts.length === 0 ? "" : ` (${parts.join(", ")})`;
  return `Sent ${sent} probes (${broadcasts} broadcast(s))\nReceived ${received} response(s)${detail}\n`;
}
