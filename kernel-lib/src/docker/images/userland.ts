import { busyboxHttpd, serve } from "../../apps/busybox-httpd.js";
import { nginx } from "../../apps/nginx/nginx.js";
import type { Program, ProgramTable } from "../../host/process.js";
import { busyboxArp } from "../../tools/arp.js";
import { busyboxArping } from "../../tools/arping/busybox.js";
import { busyboxNslookup } from "../../tools/dns/busybox-nslookup.js";
import { getent } from "../../tools/dns/getent.js";
import { busyboxPing } from "../../tools/ping/busybox.js";
import { ping } from "../../tools/ping/iputils.js";
import { MACHINE_PROGRAMS } from "../../tools/tool-table.js";
import { ALPINE_USERLAND, BUSYBOX_USERLAND } from "../../tools/userland.js";
import { busyboxWget } from "../../tools/wget/busybox.js";

/** PATH as every image sets it. */
export const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Applets of busybox that are the machine's own commands here, as far as the machine has them. */
const APPLETS = (
  "ash awk basename cat chmod cp cut date dirname echo env expr false find grep head hostname id ifconfig ip kill ln ls mkdir mv nc netstat nslookup printf ps pwd " +
  "readlink rm rmdir route sed seq sh sleep sort stat sysctl tail tee test touch tr traceroute true uname uniq wc wget which whoami xargs"
).split(" ");

/** Those of the named commands that the machine has. */
function fromMachine(names: readonly string[]): [string, Program][] {
  return names.flatMap((name): [string, Program][] => {
    const program = MACHINE_PROGRAMS.get(name);
    return program === undefined ? [] : [[name, program]];
  });
}

/** Busybox's commands; arp, nslookup, ping and wget print in busybox's own form. */
export function busyboxPrograms(): ProgramTable {
  return new Map([
    ...fromMachine(APPLETS),
    ...BUSYBOX_USERLAND,
    ["arp", busyboxArp],
    ["httpd", busyboxHttpd],
    ["nslookup", busyboxNslookup],
    ["arping", busyboxArping],
    ["ping", busyboxPing],
    ["wget", busyboxWget],
  ]);
}

/** Alpine: busybox and its package tool. */
export function alpinePrograms(): ProgramTable {
  return new Map([...ALPINE_USERLAND, ...busyboxPrograms(), ["getent", getent]]);
}

/** The recorded test-image: busybox, with Debian's network tools over it, and the API. */
export function testImagePrograms(): ProgramTable {
  const debian = fromMachine(["arping", "bridge", "curl", "dig", "ip", "ss", "tcpdump"]);
  return new Map([...alpinePrograms(), ...debian, ["ping", ping], ["serve", serve]]);
}

/** Debian's slim image: no network tools. */
export function debianPrograms(): ProgramTable {
  const absent = new Set([
    "ifconfig",
    "ip",
    "nc",
    "netstat",
    "nslookup",
    "ps",
    "route",
    "sysctl",
    "traceroute",
    "wget",
  ]);
  return new Map(fromMachine([...APPLETS.filter((name) => !absent.has(name)), "bash", "getent"]));
}

/** nginx's image: Debian with curl, without other network tools. */
export function nginxPrograms(): ProgramTable {
  return new Map([...debianPrograms(), ...fromMachine(["curl"]), ["nginx", nginx]]);
}

/** nginx's image on Alpine: busybox and curl. */
export function nginxAlpinePrograms(): ProgramTable {
  return new Map([...alpinePrograms(), ...fromMachine(["curl"]), ["nginx", nginx]]);
}
