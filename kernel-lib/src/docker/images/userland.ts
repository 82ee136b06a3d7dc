import { busyboxHttpd, testImageApi } from "../../apps/busybox-httpd.js";
import { nginx } from "../../apps/nginx.js";
import type { ProgramTable } from "../../host/process.js";
import { busyboxArp } from "../../tools/arp.js";
import { bridge } from "../../tools/bridge/bridge.js";
import { curl } from "../../tools/curl/curl.js";
import { hostname } from "../../tools/hostname.js";
import { ip } from "../../tools/ip/ip.js";
import { busyboxPing } from "../../tools/ping/busybox.js";
import { ping } from "../../tools/ping/iputils.js";
import { sysctl } from "../../tools/sysctl.js";
import { tcpdump } from "../../tools/tcpdump/tcpdump.js";

/** PATH as every image sets it. */
export const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Commands that busybox has. */
export function busyboxPrograms(): ProgramTable {
  return new Map([
    ["arp", busyboxArp],
    ["hostname", hostname],
    ["httpd", busyboxHttpd],
    ["ip", ip],
    ["ping", busyboxPing],
    ["sysctl", sysctl],
  ]);
}

/** The recorded test-image: busybox, with Debian's ip, bridge, ping, curl and tcpdump over it, and the API. */
export function testImagePrograms(): ProgramTable {
  return new Map([
    ...busyboxPrograms(),
    ["bridge", bridge],
    ["curl", curl],
    ["ping", ping],
    ["serve", testImageApi],
    ["tcpdump", tcpdump],
  ]);
}

/** nginx's image: Debian without network tools but curl. */
export function nginxPrograms(): ProgramTable {
  return new Map([
    ["curl", curl],
    ["hostname", hostname],
    ["nginx", nginx],
  ]);
}
