import type { Process } from "../../host/process.js";
import type { Device } from "../../link/device.js";
import { fail } from "./command-line.js";

/** The pseudo-device of all devices. */
export const ANY = "any";

/** What can be captured on, best first (get_figure_of_merit of libpcap): running Ethernet devices, `any`, loopback, then what is down. */
export function captureInterfaces(process: Process): readonly string[] {
  const entries = [...process.netns.devices.values()].map((device) => ({
    name: device.name,
    merit: merit(device),
  }));
  entries.push({ name: ANY, merit: 0x08000000 });
  return entries.sort((a, b) => a.merit - b.merit).map(({ name }) => name);
}

function merit(device: Device): number {
  const unit = Number(/\d+$/.exec(device.name)?.[0] ?? 0);
  const down = (device.carrier ? 0 : 0x80000000) + (device.up ? 0 : 0x40000000);
  const loopback = device.kind === "loopback";
  return down + (!loopback && !device.carrier ? 0x20000000 : 0) + (loopback ? 0x10000000 : 0) + unit;
}

/** `tcpdump -D`. The kernel's pseudo-devices for netfilter, Bluetooth and D-Bus are left out: a lab has none. */
export function listInterfaces(process: Process): string {
  return captureInterfaces(process)
    .map((name, index) => `${index + 1}.${name}${describe(process.netns.device(name))}\n`)
    .join("");
}

function describe(device: Device | undefined): string {
  if (device === undefined) return " (Pseudo-device that captures on all interfaces) [Up, Running]";
  const flags = [
    device.up ? "Up" : "",
    device.running ? "Running" : "",
    device.kind === "loopback" ? "Loopback" : "",
    device.kind === "loopback" ? "" : device.running ? "Connected" : "Disconnected",
  ].filter((flag) => flag !== "");
  return device.up
    ? ` [${flags.join(", ")}]`
    : ` [none${flags.includes("Disconnected") ? ", Disconnected" : ""}]`;
}

/** The devices of `-i NAME`; a number counts in the list of -D. Throws in tcpdump's words. */
export function devicesOf(
  process: Process,
  wanted: string | null,
): { name: string; devices: readonly Device[] } {
  const all = captureInterfaces(process);
  const name = wanted ?? all[0] ?? ANY;
  if (name === ANY) return { name, devices: [...process.netns.devices.values()] };
  const device = process.netns.device(name) ?? byNumber(process, all, name);
  if (device === undefined) throw fail(`${name}: No such device exists\n(No such device exists)`);
  if (!device.up) throw fail(`${device.name}: That device is not up`);
  return { name: device.name, devices: [device] };
}

function byNumber(process: Process, all: readonly string[], text: string): Device | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const number = Number(text);
  if (number === 0) throw fail("Invalid adapter index 0");
  const name = all[number - 1];
  if (name === undefined) throw fail("Invalid adapter index");
  return process.netns.device(name);
}
