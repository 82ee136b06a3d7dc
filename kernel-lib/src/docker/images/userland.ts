import type { ProgramTable } from "../../host/process.js";
import { busyboxArp } from "../../tools/arp.js";
import { hostname } from "../../tools/hostname.js";
import { ip } from "../../tools/ip/ip.js";
import { busyboxPing } from "../../tools/ping/busybox.js";
import { ping } from "../../tools/ping/iputils.js";

export const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Commands that busybox has. */
export function busyboxPrograms(): ProgramTable {
  return new Map([
    ["arp", busyboxArp],
    ["hostname", hostname],
    ["ip", ip],
    ["ping", busyboxPing],
  ]);
}

/** Debian's commands over them, as the recorded test-image has: iputils' ping. */
export function testImagePrograms(): ProgramTable {
  return new Map([...busyboxPrograms(), ["ping", ping]]);
}
