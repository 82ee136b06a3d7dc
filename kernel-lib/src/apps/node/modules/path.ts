import { argumentType } from "../errors.js";
import type { Runtime } from "../runtime.js";

/** `node:path` of Linux. */
export function pathModule({ task }: Runtime): unknown {
  const resolve = (...parts: string[]) => {
    let full = "";
    for (const part of [...parts].reverse()) {
      text(part, "paths");
      if (part === "") continue;
      full = full === "" ? part : `${part}/${full}`;
      if (part.startsWith("/")) break;
    }
    if (!full.startsWith("/")) full = `${task.cwd}/${full}`;
    return tidy(full) || "/";
  };
  const relative = (from: string, to: string) => {
    const a = resolve(from).split("/").filter(Boolean);
    const b = resolve(to).split("/").filter(Boolean);
    let same = 0;
    while (same < a.length && same < b.length && a[same] === b[same]) same++;
    return [...a.slice(same).map(() => ".."), ...b.slice(same)].join("/");
  };
  const posix: Record<string, unknown> = {
    resolve,
    relative,
    normalize,
    join: (...parts: string[]) => {
      for (const part of parts) text(part, "path");
      const full = parts.filter((part) => part !== "").join("/");
      return full === "" ? "." : normalize(full);
    },
    isAbsolute: (path: string) => text(path, "path").startsWith("/"),
    dirname,
    basename,
    extname,
    parse: (path: string) => {
      const base = basename(path);
      const ext = extname(base);
      const dir = dirname(path);
      return {
        root: path.startsWith("/") ? "/" : "",
        dir: dir === "." && !path.startsWith(".") ? "" : dir,
        base,
        ext,
        name: base.slice(0, base.length - ext.length),
      };
    },
    format: ({ root = "", dir, base, name = "", ext = "" }: Record<string, string>) => {
      const file = base ?? `${name}${ext === "" || ext.startsWith(".") ? ext : `.${ext}`}`;
      if (!dir) return root + file;
      return dir === root ? `${dir}${file}` : `${dir}/${file}`;
    },
    toNamespacedPath: (path: string) => path,
    sep: "/",
    delimiter: ":",
  };
  posix["posix"] = posix;
  return posix;
}

function text(value: unknown, name: string): string {
  if (typeof value !== "string") throw argumentType(name, "string", value);
  return value;
}

function tidy(path: string): string {
  const absolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!absolute) parts.push("..");
  }
  return `${absolute ? "/" : ""}${parts.join("/")}`;
}

function normalize(path: string): string {
  if (text(path, "path") === "") return ".";
  const tidied = tidy(path);
  const trailing = path.endsWith("/") && tidied !== "/" ? "/" : "";
  return `${tidied === "" ? "." : tidied}${trailing}`;
}

function dirname(path: string): string {
  const cut = text(path, "path").replace(/\/+$/, "");
  if (cut === "") return path.startsWith("/") ? "/" : ".";
  const end = cut.lastIndexOf("/");
  return end < 0 ? "." : end === 0 ? "/" : cut.slice(0, end).replace(/\/+$/, "") || "/";
}

function basename(path: string, suffix = ""): string {
  const base = text(path, "path").replace(/\/+$/, "").split("/").pop() ?? "";
  return suffix !== "" && base.endsWith(suffix) && base !== suffix ? base.slice(0, -suffix.length) : base;
}

function extname(path: string): string {
  const base = basename(path);
  const dot = base.lastIndexOf(".");
  return dot <= 0 || /^\.+$/.test(base) ? "" : base.slice(dot);
}
