import { KernelError } from "../../base/errno.js";
import type { FileView } from "../../host/files.js";
import { nodeError } from "./errors.js";

type Manifest = Readonly<Record<string, unknown>>;

/** Finds a module's file as Node does: relative paths, folders, packages in `node_modules` with their `exports`. */
export class Resolver {
  constructor(private readonly files: FileView) {}

  /** The file that `id` names in a module of that folder; null when there is none. */
  resolve(id: string, folder: string, way: "require" | "import"): string | null {
    if (id.startsWith("file://")) return this.file(decodeURIComponent(id.slice(7)));
    if (/^\.{0,2}\//.test(id) || id === "." || id === "..") {
      const full = this.files.absolute(id.startsWith("/") ? id : `${folder}/${id}`);
      return this.file(full) ?? this.folder(full);
    }
    if (id.startsWith("#"))
      throw nodeError(
        "ERR_PACKAGE_IMPORT_NOT_DEFINED",
        `Package import specifier "${id}" is not supported here`,
        TypeError,
      );
    const [, name = id, rest = ""] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(id) ?? [];
    for (const place of this.moduleFolders(folder)) {
      const found = this.inPackage(`${place}/${name}`, rest, way);
      if (found !== null) return found;
    }
    return null;
  }

  /** `node_modules` here and in every folder above. */
  moduleFolders(folder: string): string[] {
    const parts = folder.split("/").filter((part) => part !== "");
    const folders: string[] = [];
    for (let i = parts.length; i >= 0; i--)
      if (parts[i - 1] !== "node_modules")
        folders.push(`/${[...parts.slice(0, i), "node_modules"].join("/")}`);
    return folders;
  }

  /** A file of that name, or with an ending that Node tries. */
  file(path: string): string | null {
    const full = this.files.absolute(path);
    for (const ending of ["", ".js", ".json", ".node"]) {
      try {
        if (this.files.stat(full + ending).type === "file") return this.files.realpath(full + ending);
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
      }
    }
    return null;
  }

  /** A folder's main file. */
  folder(path: string): string | null {
    const full = this.files.absolute(path);
    const main = this.manifest(`${full}/package.json`)?.["main"];
    if (typeof main === "string") {
      const found = this.file(`${full}/${main}`) ?? this.file(`${full}/${main}/index`);
      if (found !== null) return found;
    }
    return this.file(`${full}/index`);
  }

  /** The nearest package.json. */
  manifestAbove(path: string): Manifest | null {
    for (let at = path.lastIndexOf("/"); at >= 0; at = path.lastIndexOf("/", at - 1)) {
      const manifest = this.manifest(`${path.slice(0, at)}/package.json`);
      if (manifest !== null) return manifest;
      if (at === 0) break;
    }
    return null;
  }

  private inPackage(folder: string, rest: string, way: "require" | "import"): string | null {
    const manifest = this.manifest(`${folder}/package.json`);
    const exports = manifest?.["exports"];
    if (exports !== undefined && exports !== null) {
      const target = pick(exports, `.${rest}`, way);
      const found = target === null ? null : this.file(`${folder}/${target}`);
      if (found !== null) return found;
      throw nodeError(
        "ERR_PACKAGE_PATH_NOT_EXPORTED",
        rest === ""
          ? `No "exports" main defined in ${folder}/package.json`
          : `Package subpath '.${rest}' is not defined by "exports" in ${folder}/package.json`,
      );
    }
    if (rest !== "") return this.file(folder + rest) ?? this.folder(folder + rest);
    return this.file(folder) ?? this.folder(folder);
  }

  private manifest(path: string): Manifest | null {
    try {
      if (!this.files.exists(path)) return null;
      return JSON.parse(this.files.readText(path)) as Manifest;
    } catch (error) {
      if (error instanceof KernelError) return null;
      throw nodeError("ERR_INVALID_PACKAGE_CONFIG", `Invalid package config ${path}.`);
    }
  }
}

/** The target of a subpath in a package's `exports`: conditions in their order, no patterns but a star at the end. */
function pick(exports: unknown, subpath: string, way: "require" | "import"): string | null {
  if (typeof exports === "string") return subpath === "." ? exports : null;
  if (typeof exports !== "object" || exports === null) return null;
  const entries = Object.entries(exports);
  if (!entries.some(([key]) => key.startsWith("."))) return subpath === "." ? condition(exports, way) : null;
  for (const [key, target] of entries) {
    if (key === subpath) return condition(target, way);
    if (key.endsWith("*") && subpath.startsWith(key.slice(0, -1)))
      return condition(target, way)?.replace("*", subpath.slice(key.length - 1)) ?? null;
  }
  return null;
}

function condition(target: unknown, way: "require" | "import"): string | null {
  if (typeof target === "string") return target;
  if (typeof target !== "object" || target === null) return null;
  // Packages are there in the form that `require` takes; an import of one gets the same code.
  for (const [key, value] of Object.entries(target).sort(([a]) => (a === "require" ? -1 : 0)))
    if (key === "node" || key === "default" || key === way || key === "require") {
      const found = condition(value, way);
      if (found !== null) return found;
    }
  return null;
}
