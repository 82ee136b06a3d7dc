import { KernelError } from "../base/errno.js";
import type { Process, Program } from "../host/process.js";
import { getopt, optionComplaint } from "./options.js";
import { SYSCTL_USAGE } from "./sysctl-usage.js";
import { errnoText, ToolExit, tool } from "./tool-exit.js";

const LONG = {
  all: "a",
  names: "N",
  values: "n",
  ignore: "e",
  quiet: "q",
  write: "w",
  load: "p",
  pattern: "r",
  help: "h",
  version: "V",
};

interface Style {
  readonly values: boolean;
  readonly names: boolean;
  readonly quiet: boolean;
  readonly ignore: boolean;
}

/** A key as typed, with dots or slashes: the first separator decides. `net.ipv4.conf.eth0/1.x` names the device eth0.1. */
function dottedName(key: string): string {
  const dot = key.indexOf(".");
  const slash = key.indexOf("/");
  if (slash < 0 || (dot >= 0 && dot < slash)) return key;
  return key.replace(/[./]/g, (separator) => (separator === "/" ? "." : "/"));
}

function pathOf(name: string): string {
  return `/proc/sys/${name.replace(/[./]/g, (separator) => (separator === "." ? "/" : "."))}`;
}

function print(process: Process, name: string, value: string, style: Style): void {
  if (style.names) process.stdout.write(`${name}\n`);
  else process.stdout.write(style.values ? `${value}\n` : `${name} = ${value}\n`);
}

function missing(process: Process, name: string, style: Style): number {
  if (style.ignore) return 0;
  process.stderr.write(`sysctl: cannot stat ${pathOf(name)}: No such file or directory\n`);
  return 1;
}

function show(process: Process, key: string, style: Style): number {
  const { sysctls } = process.netns;
  const name = dottedName(key);
  const value = sysctls.get(name);
  if (value !== undefined) {
    print(process, name, value, style);
    return 0;
  }
  const below = sysctls.names().filter((other) => other.startsWith(`${name}.`));
  if (below.length === 0) return missing(process, name, style);
  for (const other of [...below].sort()) print(process, other, sysctls.get(other) ?? "", style);
  return 0;
}

function write(process: Process, assignment: string, style: Style): number {
  const at = assignment.indexOf("=");
  const name = dottedName(assignment.slice(0, at).trim());
  const value = assignment.slice(at + 1).trim();
  if (process.netns.sysctls.get(name) === undefined) return missing(process, name, style);
  // procps looks at the file's mode first, and complains with whatever errno holds, but does not fail.
  if (process.netns.sysctls.isReadOnly(name)) {
    process.stderr.write(`sysctl: setting key "${name}": Invalid argument\n`);
    return 0;
  }
  try {
    process.netns.sysctls.set(name, value);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    if (error.errno === "EPERM" || error.errno === "EACCES")
      process.stderr.write(`sysctl: permission denied on key "${name}"\n`);
    else process.stderr.write(`sysctl: setting key "${name}": ${errnoText(error)}\n`);
    return 1;
  }
  if (!style.quiet) print(process, name, value, style);
  return 0;
}

/** Lines of /etc/sysctl.conf: `name = value`; `#` and `;` begin comments, `-` before a name forgives its absence. */
function load(process: Process, path: string, style: Style): number {
  let text: string;
  try {
    text = process.files.readText(path);
  } catch (error) {
    process.stderr.write(`sysctl: cannot open "${path}": ${errnoText(error)}\n`);
    return 1;
  }
  let status = 0;
  text.split("\n").forEach((line, i) => {
    const entry = line.trim();
    if (entry === "" || entry.startsWith("#") || entry.startsWith(";")) return;
    const forgiving = entry.startsWith("-");
    if (!entry.includes("="))
      process.stderr.write(`sysctl: ${path}(${i + 1}): invalid syntax, continuing...\n`);
    else
      status |= write(process, forgiving ? entry.slice(1) : entry, {
        ...style,
        ignore: style.ignore || forgiving,
      });
  });
  return status;
}

/** `sysctl` of procps 4.0, over the network part of /proc/sys: it is all that is modelled. */
export const sysctl: Program = tool((process) => {
  const found = getopt(process.argv.slice(1), "AabdefhNnopqr:VwxX", LONG);
  if ("error" in found) throw new ToolExit(0, optionComplaint("sysctl", found), SYSCTL_USAGE);
  const given = new Set(found.options.map(([letter]) => letter));
  for (const letter of given)
    if ("bfr".includes(letter)) throw new ToolExit(1, `sysctl: option -${letter} is not supported here\n`);
  if (given.has("h") || given.has("d")) throw new ToolExit(0, "", SYSCTL_USAGE);
  if (given.has("V")) throw new ToolExit(0, "", "sysctl from procps-ng 4.0.2\n");
  const style = {
    values: given.has("n"),
    names: given.has("N"),
    quiet: given.has("q"),
    ignore: given.has("e"),
  };
  if (given.has("a") || given.has("A") || given.has("X")) return showAll(process, style);
  if (given.has("p")) {
    const paths = found.operands.length > 0 ? found.operands : ["/etc/sysctl.conf"];
    return paths.reduce((status, path) => status | load(process, path, style), 0);
  }
  if (found.operands.length === 0) throw new ToolExit(1, SYSCTL_USAGE);
  return found.operands.reduce((status, word) => status | handle(process, word, style, given.has("w")), 0);
});

function showAll(process: Process, style: Style): number {
  const { sysctls } = process.netns;
  for (const name of [...sysctls.names()].sort()) print(process, name, sysctls.get(name) ?? "", style);
  return 0;
}

function handle(process: Process, word: string, style: Style, mustWrite: boolean): number {
  if (word.includes("=")) return write(process, word, style);
  if (!mustWrite) return show(process, word, style);
  process.stderr.write("sysctl: command line(0): invalid syntax, continuing...\n");
  return 1;
}
