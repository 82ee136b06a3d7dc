import { formatIpv4, formatMac, type Ipv4, type Mac } from "../../base/addresses.js";
import type { Process, Program, Steps } from "../../host/process.js";
import type { Device } from "../../link/device.js";
import { resolve } from "../net/resolve.js";
import { getopt, optionComplaint } from "../options.js";
import { steppedTool, ToolExit } from "../tool-exit.js";
import { runArping } from "./run.js";
import type { ArpAnswer, ArpingOptions, ArpingSession } from "./session.js";
import { isArpable } from "./source.js";

const USAGE = `BusyBox v1.35.0 multi-call binary.

Usage: arping [-fqbDUA] [-c CNT] [-w TIMEOUT] [-I IFACE] [-s SRC_IP] DST_IP

Send ARP requests/replies

	-f		Quit on first ARP reply
	-q		Quiet
	-b		Keep broadcasting, don't go unicast
	-D		Exit with 1 if DST_IP replies
	-U		Unsolicited ARP mode, update your neighbors
	-A		ARP answer mode, update your neighbors
	-c N		Stop after sending N ARP requests
	-w TIMEOUT	Seconds to wait for ARP reply
	-I IFACE	Interface to use (default eth0)
	-s SRC_IP	Sender IP address
	DST_IP		Target IP address
`;

interface CommandLine extends ArpingOptions {
  readonly device: string;
  readonly source: string | null;
  readonly destination: string;
}

/** `arping` of BusyBox 1.35. */
export const busyboxArping: Program = steppedTool(function* (process): Steps<number> {
  const line = readCommandLine(process.argv.slice(1));
  const device = deviceOf(process, line.device);
  const [target] = yield* resolve(process, line.destination);
  if (target === undefined) throw new ToolExit(2, `arping: bad address '${line.destination}'\n`);
  const session = yield* runArping(process, device, target, line, {
    invalidSource: `arping: invalid source address ${line.source}\n`,
    answer: answerText,
    closing: (run) => closingText(run, line),
  });
  if (line.duplicate) return session.received > 0 ? 1 : 0;
  return line.unsolicited || session.received > 0 ? 0 : 1;
});

function readCommandLine(words: readonly string[]): CommandLine {
  const found = getopt(words, "fqbDUAc:w:I:s:");
  if ("error" in found) throw new ToolExit(1, optionComplaint("arping", found) + USAGE);
  const last = new Map(found.options);
  const number = (letter: string) => {
    const text = last.get(letter);
    if (text === undefined) return null;
    if (!/^\d+$/.test(text)) throw new ToolExit(1, `arping: invalid number '${text}'\n`);
    return Number(text);
  };
  const [destination] = found.operands;
  if (found.operands.length !== 1) throw new ToolExit(1, USAGE);
  return {
    count: number("c"),
    deadline: number("w"),
    deadlineAtProbe: true,
    interval: 1,
    quiet: last.has("q"),
    quitOnReply: last.has("f"),
    broadcastOnly: last.has("b"),
    duplicate: last.has("D"),
    unsolicited: last.has("U") || last.has("A"),
    answer: last.has("A"),
    device: last.get("I") ?? "eth0",
    source: last.get("s") ?? null,
    destination: destination!,
  };
}

function deviceOf({ netns }: Process, name: string): Device {
  const device = netns.device(name);
  if (device === undefined) throw new ToolExit(2, `arping: interface ${name} not found: No such device\n`);
  if (!device.up) throw new ToolExit(2, `arping: interface ${name} is down\n`);
  if (!isArpable(device)) throw new ToolExit(2, `arping: interface ${name} is not ARPable\n`);
  return device;
}

function answerText(answer: ArpAnswer, source: Ipv4, own: Mac): string {
  const cast = answer.unicast ? "Unicast" : "Broadcast";
  const kind = answer.request ? "request" : "reply";
  const forAddress = answer.targetIp === source ? "" : ` for ${formatIpv4(answer.targetIp)}`;
  const forMac =
    answer.targetMac === own ? "" : `${forAddress === "" ? " for" : ""} [${formatMac(answer.targetMac)}]`;
  const time = ` ${(answer.after / 1e6).toFixed(3)}ms`;
  return `${cast} ${kind} from ${formatIpv4(answer.senderIp)} [${formatMac(answer.senderMac)}]${forAddress}${forMac}${time}\n`;
}

/** BusyBox counts broadcasts only in a run without -c. */
function closingText(session: ArpingSession, { count }: CommandLine): string {
  const { sent, received, requestsReceived, broadcastsReceived } = session;
  const broadcasts = count === null ? session.broadcasts : 0;
  return `Sent ${sent} probe(s) (${broadcasts} broadcast(s))\nReceived ${received} response(s) (${requestsReceived} request(s), ${broadcastsReceived} broadcast(s))\n`;
}
