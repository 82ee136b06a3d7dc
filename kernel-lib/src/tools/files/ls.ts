import type { FileStat } from "../../host/files.js";
import type { Process, Program } from "../../host/process.js";
import { errnoText, tool } from "../tool-exit.js";
import { type Dialect, options } from "./dialect.js";

interface Entry {
  readonly name: string;
  readonly stat: FileStat;
  readonly target: string | null;
}

interface Style {
  readonly long: boolean;
  readonly all: boolean;
  readonly almostAll: boolean;
  readonly inode: boolean;
  readonly human: boolean;
  readonly byTime: boolean;
  readonly reverse: boolean;
  readonly classify: boolean;
  readonly onePerLine: boolean;
  readonly dialect: Dialect;
}

/** Half a year: older times show the year instead of the clock. */
const RECENT_SECONDS = 31556952 / 2;
const TERMINAL_WIDTH = 80;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `ls [-laAdi1hrtF] [FILE…]`, sorted by name as in the C locale. */
export function ls(dialect: Dialect): Program {
  return tool((process) => {
    const { has, operands } = options(
      process,
      "ls",
      "laAdi1hrtFnRL",
      dialect,
      { all: "a", "almost-all": "A", directory: "d", inode: "i", "human-readable": "h", reverse: "r" },
      2,
    );
    if (has("R")) return unsupported(process, "R");
    const style: Style = {
      long: has("l") || has("n"),
      all: has("a"),
      almostAll: has("A"),
      inode: has("i"),
      human: has("h"),
      byTime: has("t"),
      reverse: has("r"),
      classify: has("F"),
      onePerLine: has("1") || !process.tty,
      dialect,
    };
    return list(process, operands.length === 0 ? ["."] : operands, style, has("d"), has("L"));
  });
}

function unsupported(process: Process, letter: string): number {
  process.stderr.write(`ls: option -${letter} is not supported here\n`);
  return 2;
}

function list(
  process: Process,
  operands: readonly string[],
  style: Style,
  itself: boolean,
  follow: boolean,
): number {
  let status = 0;
  const files: Entry[] = [];
  const folders: string[] = [];
  for (const path of operands) {
    try {
      const seen = entry(process, path, path, follow || !style.long);
      if (seen.stat.type === "directory" && !itself) folders.push(path);
      else files.push(itself || seen.stat.type !== "symlink" ? seen : entry(process, path, path, follow));
    } catch (error) {
      process.stderr.write(
        style.dialect === "busybox"
          ? `ls: ${path}: ${errnoText(error)}\n`
          : `ls: cannot access '${path}': ${errnoText(error)}\n`,
      );
      status = style.dialect === "busybox" ? 1 : 2;
    }
  }
  const parts: string[] = [];
  if (files.length > 0) parts.push(render(process, sort(files, style), style));
  for (const path of folders.sort(byName)) {
    const heading = operands.length > 1 ? `${path}:\n` : "";
    parts.push(`${heading}${folder(process, path, style, follow)}`);
  }
  process.stdout.write(parts.join("\n"));
  return status;
}

function folder(process: Process, path: string, style: Style, follow: boolean): string {
  const names = process.files
    .readdir(path)
    .filter((name) => style.all || style.almostAll || !name.startsWith("."));
  if (style.all) names.push(".", "..");
  const entries = names.map((name) => entry(process, `${path}/${name}`, name, follow));
  const blocks = entries.reduce((sum, { stat }) => sum + blocksOf(stat), 0);
  return `${style.long ? `total ${blocks}\n` : ""}${render(process, sort(entries, style), style)}`;
}

/** Kibibytes on disk: ext4 gives a folder and every started 4 KiB of a file one block; /proc, /sys and links take none. */
function blocksOf(stat: FileStat): number {
  return stat.type === "symlink" || stat.stored === false ? 0 : Math.ceil(stat.size / 4096) * 4;
}

function entry(process: Process, path: string, name: string, follow: boolean): Entry {
  const { files } = process;
  const own = files.lstat(path);
  const stat = own.type === "symlink" && follow ? files.stat(path) : own;
  return { name, stat, target: stat.type === "symlink" ? files.readlink(path) : null };
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sort(entries: Entry[], style: Style): Entry[] {
  const sorted = [...entries].sort(
    (a, b) => (style.byTime ? b.stat.mtime - a.stat.mtime : 0) || byName(a.name, b.name),
  );
  return style.reverse ? sorted.reverse() : sorted;
}

function render(process: Process, entries: readonly Entry[], style: Style): string {
  const prefix = (item: Entry) => (style.inode ? `${item.stat.inode} ` : "");
  if (style.long) return longLines(process, entries, style, prefix);
  const names = entries.map((item) => prefix(item) + item.name + (style.classify ? mark(item.stat) : ""));
  if (names.length === 0) return "";
  return style.onePerLine ? `${names.join("\n")}\n` : columns(names);
}

function mark(stat: FileStat): string {
  if (stat.type === "directory") return "/";
  if (stat.type === "symlink") return "@";
  return (stat.mode & 0o111) === 0 ? "" : "*";
}

function longLines(
  process: Process,
  entries: readonly Entry[],
  style: Style,
  prefix: (item: Entry) => string,
): string {
  const rows = entries.map((item) => ({
    item,
    links: String(item.stat.links),
    size: style.human ? human(item.stat.size) : String(item.stat.size),
  }));
  const busybox = style.dialect === "busybox";
  const linksWidth = Math.max(busybox ? 4 : 0, ...rows.map(({ links }) => links.length));
  const sizeWidth = Math.max(busybox ? 9 : 0, ...rows.map(({ size }) => size.length));
  const owner = busybox ? "root     root    " : "root root";
  return rows
    .map(({ item, links, size }) => {
      const { stat, name, target } = item;
      const shown = `${name}${target === null ? "" : ` -> ${target}`}${style.classify && target === null ? mark(stat) : ""}`;
      return `${prefix(item)}${modeText(stat)} ${links.padStart(linksWidth)} ${owner} ${size.padStart(sizeWidth)} ${timeText(process, stat.mtime)} ${shown}\n`;
    })
    .join("");
}

const TYPE_LETTER: Readonly<Record<FileStat["type"], string>> = { file: "-", directory: "d", symlink: "l" };

/** `drwxr-xr-x`; a sticky directory ends in t. */
export function modeText({ type, mode }: FileStat): string {
  const letters = [6, 3, 0].map((shift) => {
    const bits = (mode >> shift) & 7;
    return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${bits & 1 ? "x" : "-"}`;
  });
  const text = TYPE_LETTER[type] + letters.join("");
  return mode & 0o1000 ? `${text.slice(0, 9)}${mode & 1 ? "t" : "T"}` : text;
}

function timeText(process: Process, mtime: number): string {
  const time = new Date(Math.floor(mtime) * 1000);
  const day = `${MONTHS[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2)}`;
  const age = process.host.unixTime() - mtime;
  return age > RECENT_SECONDS || age < -1
    ? `${day}  ${time.getUTCFullYear()}`
    : `${day} ${time.toISOString().slice(11, 16)}`;
}

function human(size: number): string {
  if (size < 1024) return String(size);
  const steps = ["K", "M", "G"];
  let value = size;
  let at = -1;
  while (value >= 1024 && at < steps.length - 1) {
    value /= 1024;
    at++;
  }
  return `${value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : Math.ceil(value)}${steps[at]}`;
}

/** As many columns as fit in 80 characters, filled downwards, two blanks between them. */
function columns(names: readonly string[]): string {
  for (let rows = 1; rows <= names.length; rows++) {
    const count = Math.ceil(names.length / rows);
    const widths = Array.from({ length: count }, (_, c) =>
      Math.max(...names.slice(c * rows, (c + 1) * rows).map((name) => name.length)),
    );
    if (rows < names.length && widths.reduce((sum, width) => sum + width + 2, -2) >= TERMINAL_WIDTH) continue;
    const lines = Array.from({ length: rows }, (_, r) =>
      widths
        .map((width, c) => (names[c * rows + r] ?? "").padEnd(width))
        .join("  ")
        .trimEnd(),
    );
    return `${lines.join("\n")}\n`;
  }
  return "";
}
