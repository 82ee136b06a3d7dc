import type { Program, ProgramTable } from "../host/process.js";
import { arp } from "./arp.js";
import { arping } from "./arping/iputils.js";
import { brctl } from "./brctl.js";
import { bridge } from "./bridge/bridge.js";
import { conntrack } from "./conntrack/conntrack.js";
import { curl } from "./curl/curl.js";
import { dig } from "./dns/dig.js";
import { getent } from "./dns/getent.js";
import { host } from "./dns/host.js";
import { nslookup } from "./dns/nslookup.js";
import { ethtool } from "./ethtool/ethtool.js";
import { hostname } from "./hostname.js";
import { ifconfig } from "./ifconfig.js";
import { ip } from "./ip/ip.js";
import { iperf3 } from "./iperf3/iperf3.js";
import { iptables } from "./iptables/iptables.js";
import { iptablesRestore } from "./iptables/iptables-restore.js";
import { iptablesSave } from "./iptables/iptables-save.js";
import { ipvsadm, ipvsadmRestore, ipvsadmSave } from "./ipvsadm/ipvsadm.js";
import { modprobe } from "./modprobe.js";
import { nc } from "./nc/nc.js";
import { nsenter } from "./nsenter.js";
import { nstat } from "./nstat.js";
import { ping } from "./ping/iputils.js";
import { route } from "./route.js";
import { ss } from "./ss.js";
import { sysctl } from "./sysctl.js";
import { tc } from "./tc/tc.js";
import { tcpdump } from "./tcpdump/tcpdump.js";
import { telnet } from "./telnet.js";
import { tracepath } from "./tracepath/tracepath.js";
import { DEBIAN_USERLAND } from "./userland.js";
import { wget } from "./wget/wget.js";

const PROGRAMS: readonly (readonly [name: string, program: Program])[] = [
  ...DEBIAN_USERLAND,
  ["arp", arp],
  ["arping", arping],
  ["brctl", brctl],
  ["bridge", bridge],
  ["conntrack", conntrack],
  ["curl", curl],
  ["dig", dig],
  ["ethtool", ethtool],
  ["getent", getent],
  ["host", host],
  ["hostname", hostname],
  ["ifconfig", ifconfig],
  ["ip", ip],
  ["iperf3", iperf3],
  ["iptables", iptables],
  ["iptables-restore", iptablesRestore],
  ["iptables-save", iptablesSave],
  ["ipvsadm", ipvsadm],
  ["ipvsadm-restore", ipvsadmRestore],
  ["ipvsadm-save", ipvsadmSave],
  ["modprobe", modprobe],
  ["nc", nc],
  ["nsenter", nsenter],
  ["nslookup", nslookup],
  ["nstat", nstat],
  ["ping", ping],
  ["route", route],
  ["ss", ss],
  ["sysctl", sysctl],
  ["tc", tc],
  ["tcpdump", tcpdump],
  ["telnet", telnet],
  ["tracepath", tracepath],
  ["wget", wget],
];

/** The commands of a machine (Debian with Docker's tools around it). */
export const MACHINE_PROGRAMS: ProgramTable = new Map(PROGRAMS);
