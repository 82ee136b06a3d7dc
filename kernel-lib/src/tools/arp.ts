import { formatIpv4, formatMac, type Ipv4, tryParseMac } from "../base/addresses.js";
import { KernelError } from "../base/errno.js";
import type { Process, Program } from "../host/process.js";
import type { Device } from "../link/device.js";
import type { Neighbour } from "../route/neighbour.js";
import { deleteNeighbour, replaceNeighbour } from "../stack/config/neighbour.js";
import { addressesOfName, nameOfAddress } from "./hosts-file.js";
import { getopt, optionComplaint } from "./options.js";
import { errnoText, ToolExit, tool } from "./tool-exit.js";

interface Request {
  readonly numeric: boolean;
  readonly bsd: boolean;
  readonly verb: "show" | "delete" | "set";
  readonly device: string | null;
  readonly operands: readonly string[];
}

/** What net-tools prints after an option that it does not know. */
const USAGE = `Usage:
  arp [-vn]  [<HW>] [-i <if>] [-a] [<hostname>]             <-Display ARP cache
  arp [-v]          [-i <if>] -d  <host> [pub]               <-Delete ARP entry
  arp [-vnD] [<HW>] [-i <if>] -f  [<filename>]            <-Add entry from file
  arp [-v]   [<HW>] [-i <if>] -s  <host> <hwaddr> [temp]            <-Add entry
  arp [-v]   [<HW>] [-i <if>] -Ds <host> <if> [netmask <nm>] pub          <-''-

        -a                       display (all) hosts in alternative (BSD) style
        -e                       display (all) hosts in default (Linux) style
        -s, --set                set a new ARP entry
        -d, --delete             delete a specified entry
        -v, --verbose            be verbose
        -n, --numeric            don't resolve names
        -i, --device             specify network interface (e.g. eth0)
        -D, --use-device         read <hwaddr> from given device
        -A, -p, --protocol       specify protocol family
        -f, --file               read new entries from file or from /etc/ethers

  <HW>=Use '-H <hw>' to specify hardware address type. Default: ether
  List of possible hardware types (which support ARP):
    ash (Ash) ether (Ethernet) ax25 (AMPR AX.25) 
    netrom (AMPR NET/ROM) rose (AMPR ROSE) arcnet (ARCnet) 
    dlci (Frame Relay DLCI) fddi (Fiber Distributed Data Interface) hippi (HIPPI) 
    irda (IrLAP) x25 (generic X.25) eui64 (Generic EUI-64) 
`;

const LONG = { numeric: "n", delete: "d", set: "s", device: "i", verbose: "v", use: "D" };

function read(process: Process, letters: string, usage = ""): Request {
  const found = getopt(process.argv.slice(1), letters, LONG);
  if ("error" in found)
    throw new ToolExit(usage === "" ? 255 : 3, `${optionComplaint("arp", found)}${usage}`);
  let device: string | null = null;
  let verb: Request["verb"] = "show";
  const given = new Set(found.options.map(([letter]) => letter));
  for (const [letter, value] of found.options) {
    if (letter === "i") device = value;
    else if (letter === "d") verb = "delete";
    else if (letter === "s") verb = "set";
    else if (!"aenv".includes(letter))
      throw new ToolExit(1, `arp: option -${letter} is not supported here\n`);
  }
  return { numeric: given.has("n"), bsd: given.has("a"), verb, device, operands: found.operands };
}

function addressOf(process: Process, name: string): Ipv4 {
  const [address] = addressesOfName(process, name);
  if (address === undefined) throw new ToolExit(255, `${name}: Host name lookup failure\n`);
  return address;
}

/** What /proc/net/arp shows: every entry but those without a state. */
function entries(process: Process, device: string | null): readonly Neighbour[] {
  return process.netns.neighbours
    .list()
    .filter(
      (entry) =>
        entry.state !== "NONE" &&
        entry.state !== "NOARP" &&
        (device === null || entry.device.name === device),
    );
}

/** Without an address as far as ARP is concerned (ATF_COM unset). */
function isComplete(entry: Neighbour): boolean {
  return entry.mac !== null && entry.state !== "INCOMPLETE" && entry.state !== "FAILED";
}

const HEADING = "Address                  HWtype  HWaddress           Flags Mask            Iface\n";

function printTable(entry: Neighbour, name: string): string {
  const flags = isComplete(entry) ? `C${entry.state === "PERMANENT" ? "M" : ""}` : "";
  const hardware =
    isComplete(entry) && entry.mac !== null
      ? `ether   ${formatMac(entry.mac).padEnd(19)} `
      : `        ${"(incomplete)".padEnd(19)} `;
  return `${name.padEnd(23)}  ${hardware}${flags.padEnd(6)}${"".padEnd(15)} ${entry.device.name}\n`;
}

/** `? (172.17.0.3) at 02:42:ac:11:00:03 [ether] on eth0`; busybox has one more blank before `on`. */
function printBsd(entry: Neighbour, name: string, gap: string): string {
  const known = name === formatIpv4(entry.address) ? "?" : name;
  const at = isComplete(entry) && entry.mac !== null ? `${formatMac(entry.mac)} [ether]` : "<incomplete>";
  const permanent = entry.state === "PERMANENT" ? ` PERM${gap === "  " ? " " : ""}` : gap === "  " ? " " : "";
  return `${known} (${formatIpv4(entry.address)}) at ${at}${permanent} on ${entry.device.name}\n`;
}

function nameOf(process: Process, entry: Neighbour, numeric: boolean): string {
  return numeric ? formatIpv4(entry.address) : nameOfAddress(process, entry.address);
}

function show(process: Process, request: Request): number {
  const all = entries(process, request.device);
  const [name] = request.operands;
  const wanted = name === undefined ? null : addressOf(process, name);
  const shown = wanted === null ? all : all.filter((entry) => entry.address === wanted);
  if (!request.bsd && shown.length > 0) process.stdout.write(HEADING);
  for (const entry of shown) {
    const text = nameOf(process, entry, request.numeric);
    process.stdout.write(request.bsd ? printBsd(entry, text, " ") : printTable(entry, text));
  }
  if (shown.length > 0) return 0;
  if (name !== undefined && !request.bsd)
    process.stdout.write(`${name} (${formatIpv4(wanted ?? 0)}) -- no entry\n`);
  else if (name !== undefined || request.device !== null)
    process.stdout.write(`arp: in ${all.length} entries no match found.\n`);
  return 0;
}

/** The device of an address: the one asked for, else that of the route to it. */
function deviceFor(process: Process, request: Request, address: Ipv4, call: string): Device {
  const { netns } = process;
  if (request.device !== null) {
    const device = netns.device(request.device);
    if (device === undefined) throw new ToolExit(255, `${call}: No such device\n`);
    return device;
  }
  const device = netns.fib.lookup(address)?.device;
  if (device === null || device === undefined) throw new ToolExit(255, `${call}: Network is unreachable\n`);
  return device;
}

function remove(process: Process, request: Request): number {
  const [name] = request.operands;
  if (name === undefined) throw new ToolExit(255, "arp: need host name\n");
  const address = addressOf(process, name);
  const device = deviceFor(process, request, address, "SIOCDARP(dontpub)");
  try {
    deleteNeighbour(process.netns, address, device);
  } catch (error) {
    if (!(error instanceof KernelError) || error.errno !== "ENOENT") throw error;
    throw new ToolExit(255, `No ARP entry for ${name}\n`);
  }
  return 0;
}

function set(process: Process, request: Request): number {
  const [name, hardware] = request.operands;
  if (name === undefined) throw new ToolExit(255, "arp: need host name\n");
  const address = addressOf(process, name);
  if (hardware === undefined) throw new ToolExit(255, "arp: need hardware address\n");
  const mac = tryParseMac(hardware);
  if (mac === null) throw new ToolExit(255, "arp: invalid hardware address\n");
  const device = deviceFor(process, request, address, "SIOCSARP");
  try {
    replaceNeighbour(process.netns, { address, device, mac, state: "PERMANENT" });
  } catch (error) {
    throw new ToolExit(255, `SIOCSARP: ${errnoText(error)}\n`);
  }
  return 0;
}

/** `arp` of net-tools 2.10: table, -a, -n, -i, -s, -d. */
export const arp: Program = tool((process) => {
  const request = read(process, "A:H:adfp:nsei:t:vh?DNV", USAGE);
  if (request.verb === "delete") return remove(process, request);
  return request.verb === "set" ? set(process, request) : show(process, request);
});

/** `arp` of BusyBox: always the form of -a, with an additional blank. */
export const busyboxArp: Program = tool((process) => {
  const request = read(process, "A:H:nDt:i:avsd");
  if (request.verb === "delete") return remove(process, request);
  if (request.verb === "set") return set(process, request);
  const all = entries(process, request.device);
  for (const entry of all)
    process.stdout.write(printBsd(entry, nameOf(process, entry, request.numeric), "  "));
  return 0;
});
