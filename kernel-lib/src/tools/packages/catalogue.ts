import type { Program } from "../../host/process.js";
import { arp } from "../arp.js";
import { brctl } from "../brctl.js";
import { bridge } from "../bridge/bridge.js";
import { curl } from "../curl/curl.js";
import { dig } from "../dns/dig.js";
import { host } from "../dns/host.js";
import { nslookup } from "../dns/nslookup.js";
import { ip } from "../ip/ip.js";
import { iperf3 } from "../iperf3/iperf3.js";
import { iptables } from "../iptables/iptables.js";
import { iptablesRestore } from "../iptables/iptables-restore.js";
import { iptablesSave } from "../iptables/iptables-save.js";
import { nstat } from "../nstat.js";
import { ping } from "../ping/iputils.js";
import { sh } from "../shell/sh.js";
import { ss } from "../ss.js";
import { tcpdump } from "../tcpdump/tcpdump.js";
import { tracepath } from "../tracepath/tracepath.js";

const BIND_TOOLS: Package["programs"] = [
  ["dig", dig],
  ["host", host],
  ["nslookup", nslookup],
];
const IPTABLES: Package["programs"] = [
  ["iptables", iptables],
  ["iptables-restore", iptablesRestore],
  ["iptables-save", iptablesSave],
];

/** A package of a distribution, as far as it brings commands that the lab has. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** Packages that come along, each with its version. */
  readonly needs: readonly (readonly [name: string, version: string])[];
  readonly programs: readonly (readonly [name: string, program: Program])[];
  /** Bytes on disk, all together. */
  readonly size: number;
}

/** Alpine 3.20, main repository. */
export const ALPINE_PACKAGES: readonly Package[] = [
  {
    name: "bash",
    version: "5.2.26-r0",
    needs: [
      ["ncurses-terminfo-base", "6.4_p20240420-r2"],
      ["libncursesw", "6.4_p20240420-r2"],
      ["readline", "8.2.10-r0"],
    ],
    programs: [["bash", sh("bash")]],
    size: 1_900_000,
  },
  {
    name: "bind-tools",
    version: "9.18.37-r0",
    needs: [
      ["fstrm", "0.6.1-r4"],
      ["krb5-conf", "1.0-r2"],
      ["libcom_err", "1.47.0-r5"],
      ["keyutils-libs", "1.6.3-r3"],
      ["libverto", "0.3.2-r2"],
      ["krb5-libs", "1.21.3-r0"],
      ["json-c", "0.17-r0"],
      ["nghttp2-libs", "1.62.1-r0"],
      ["protobuf-c", "1.5.0-r0"],
      ["libuv", "1.48.0-r0"],
      ["xz-libs", "5.6.2-r1"],
      ["libxml2", "2.12.10-r0"],
      ["bind-libs", "9.18.37-r0"],
    ],
    programs: BIND_TOOLS,
    size: 6_100_000,
  },
  { name: "bridge-utils", version: "1.7.1-r3", needs: [], programs: [["brctl", brctl]], size: 80_000 },
  {
    name: "curl",
    version: "8.12.1-r0",
    needs: [
      ["ca-certificates", "20241121-r1"],
      ["brotli-libs", "1.1.0-r2"],
      ["c-ares", "1.33.1-r0"],
      ["libunistring", "1.2-r0"],
      ["libidn2", "2.3.7-r0"],
      ["nghttp2-libs", "1.62.1-r0"],
      ["libpsl", "0.21.5-r1"],
      ["zstd-libs", "1.5.6-r0"],
      ["libcurl", "8.12.1-r0"],
    ],
    programs: [["curl", curl]],
    size: 5_400_000,
  },
  { name: "iperf3", version: "3.17.1-r0", needs: [], programs: [["iperf3", iperf3]], size: 210_000 },
  {
    name: "iproute2",
    version: "6.9.0-r0",
    needs: [
      ["libcap2", "2.70-r0"],
      ["libmnl", "1.0.5-r2"],
      ["libelf", "0.191-r0"],
      ["iproute2-minimal", "6.9.0-r0"],
    ],
    programs: [
      ["ip", ip],
      ["bridge", bridge],
      ["nstat", nstat],
      ["ss", ss],
    ],
    size: 1_800_000,
  },
  {
    name: "iptables",
    version: "1.8.10-r3",
    needs: [
      ["libmnl", "1.0.5-r2"],
      ["libnftnl", "1.2.6-r0"],
      ["libxtables", "1.8.10-r3"],
    ],
    programs: IPTABLES,
    size: 2_400_000,
  },
  {
    name: "iputils",
    version: "20240117-r0",
    needs: [
      ["libcap2", "2.70-r0"],
      ["iputils-ping", "20240117-r0"],
      ["iputils-tracepath", "20240117-r0"],
    ],
    programs: [
      ["ping", ping],
      ["tracepath", tracepath],
    ],
    size: 340_000,
  },
  {
    name: "iputils-tracepath",
    version: "20240117-r0",
    needs: [],
    programs: [["tracepath", tracepath]],
    size: 30_000,
  },
  { name: "net-tools", version: "2.10-r3", needs: [], programs: [["arp", arp]], size: 540_000 },
  {
    name: "tcpdump",
    version: "4.99.3-r0",
    needs: [["libpcap", "1.10.3-r0"]],
    programs: [["tcpdump", tcpdump]],
    size: 1_500_000,
  },
];

/** Debian 12. */
export const DEBIAN_PACKAGES: readonly Package[] = [
  {
    name: "bind9-dnsutils",
    version: "1:9.18.33-1~deb12u2",
    needs: [["bind9-libs", "1:9.18.33-1~deb12u2"]],
    programs: BIND_TOOLS,
    size: 870_000,
  },
  { name: "bridge-utils", version: "1.7.1-1", needs: [], programs: [["brctl", brctl]], size: 117_000 },
  {
    name: "curl",
    version: "7.88.1-10+deb12u12",
    needs: [["libcurl4", "7.88.1-10+deb12u12"]],
    programs: [["curl", curl]],
    size: 1_200_000,
  },
  {
    name: "iproute2",
    version: "6.1.0-3",
    needs: [
      ["libbpf1", "1:1.1.0-1"],
      ["libmnl0", "1.0.4-3"],
    ],
    programs: [
      ["ip", ip],
      ["bridge", bridge],
      ["nstat", nstat],
      ["ss", ss],
    ],
    size: 3_600_000,
  },
  {
    name: "dnsutils",
    version: "1:9.18.33-1~deb12u2",
    needs: [
      ["bind9-libs", "1:9.18.33-1~deb12u2"],
      ["bind9-dnsutils", "1:9.18.33-1~deb12u2"],
    ],
    programs: BIND_TOOLS,
    size: 880_000,
  },
  {
    name: "iptables",
    version: "1.8.9-2",
    needs: [
      ["libip4tc2", "1.8.9-2"],
      ["libxtables12", "1.8.9-2"],
    ],
    programs: IPTABLES,
    size: 2_100_000,
  },
  {
    name: "iputils-ping",
    version: "3:20221126-1+deb12u1",
    needs: [],
    programs: [["ping", ping]],
    size: 121_000,
  },
  {
    name: "iputils-tracepath",
    version: "3:20221126-1+deb12u1",
    needs: [],
    programs: [["tracepath", tracepath]],
    size: 57_000,
  },
  {
    name: "iperf3",
    version: "3.12-1+deb12u2",
    needs: [["libiperf0", "3.12-1+deb12u2"]],
    programs: [["iperf3", iperf3]],
    size: 90_000,
  },
  { name: "net-tools", version: "2.10-0.1", needs: [], programs: [["arp", arp]], size: 1_000_000 },
  {
    name: "tcpdump",
    version: "4.99.3-1",
    needs: [["libpcap0.8", "1.10.3-1"]],
    programs: [["tcpdump", tcpdump]],
    size: 1_350_000,
  },
];
