import { sha256 } from "../../base/sha256.js";
import type { FileView } from "../../host/files.js";
import { bytesOf } from "../../host/fs/inode.js";
import type { Image } from "../images/image.js";
import { imageFiles } from "../images/image-files.js";
import { applyLayer, changesBetween, type FileChange, type Layer, treeOf } from "../images/layer.js";
import { BuildError } from "./build-error.js";
import type { ContextEntry } from "./context.js";
import type { Instruction } from "./dockerfile.js";
import { expandWord, splitWords } from "./expand.js";
import { globPattern } from "./ignore.js";
import { type Build, type Handler, type Outcome, type Stage, variablesOf } from "./stage.js";

/** A source of COPY as it was found: with what lies in it, paths relative to it ("" is itself). */
interface Source {
  readonly path: string;
  readonly inside: ReadonlyMap<string, ContextEntry>;
}

export const copy: Handler = (build, stage, instruction) => copyFrom(build, stage, instruction, "COPY");
export const add: Handler = (build, stage, instruction) => copyFrom(build, stage, instruction, "ADD");

/** WORKDIR makes the folder where it is missing. */
export const workdir: Handler = (build, stage, { rest }) => {
  const path = absolute(stage.config.workingDirectory, expandWord(rest, variablesOf(stage)));
  return {
    kind: "plain",
    text: `WORKDIR ${path}`,
    config: { ...stage.config, workingDirectory: path },
    layer: () => changed(build, stage.image, (files) => files.mkdir(path, { recursive: true })),
  };
};

function copyFrom(build: Build, stage: Stage, instruction: Instruction, name: "COPY" | "ADD"): Outcome {
  const { line } = instruction;
  const variables = variablesOf(stage);
  const words = (instruction.list ?? splitWords(instruction.rest)).map((word) => expandWord(word, variables));
  const target = words.at(-1)!;
  const entries = sourcesOf(build, instruction, name);
  const sources = words.slice(0, -1).flatMap((word) => find(entries, word, name, line));
  if (sources.length === 0) throw new BuildError(`${name} failed: no source files were specified`, line);
  const single = sources.length === 1;
  if (!single && !target.endsWith("/"))
    throw new BuildError(
      `When using ${name} with more than one source file, the destination must be a directory and end with a /`,
      line,
    );
  const hash = `${single ? (sources[0]!.inside.get("")?.kind === "directory" || sources[0]!.path === "" ? "dir" : "file") : "multi"}:${hashOf(sources)}`;
  const into = absolute(stage.config.workingDirectory, target);
  return {
    kind: "copy",
    text: `${name} ${hash} in ${target} `,
    config: stage.config,
    layer: () =>
      changed(build, stage.image, (files) =>
        place(files, sources, into, target.endsWith("/") || target === "."),
      ),
  };
}

/** The context, or with `--from` an earlier stage's files. */
function sourcesOf(
  build: Build,
  { flags, line, rest }: Instruction,
  name: string,
): ReadonlyMap<string, ContextEntry> {
  let entries = build.context.entries;
  for (const flag of flags) {
    const [key, value = ""] = flag.slice(2).split("=") as [string, string?];
    if (key === "from" && name === "COPY") entries = filesOf(build, stageNamed(build, value, line));
    else if (["chown", "chmod", "link", "parents", "exclude", "checksum", "keep-git-dir"].includes(key))
      throw new BuildError(`${name} --${key} is not supported here`, line);
    else throw new BuildError(`Unknown flag: ${key}`, line, "syntax");
  }
  if (name === "ADD" && /(^|\s|")https?:\/\//.test(rest))
    throw new BuildError("ADD of a URL is not supported here", line);
  if (name === "ADD" && /\.(tar|tgz|tar\.(gz|bz2|xz))(\s|"|$)/.test(rest))
    throw new BuildError("ADD of an archive is not supported here", line);
  return entries;
}

function stageNamed(build: Build, name: string, line: number): Image {
  const stage =
    build.stages.find((other) => other.name === name.toLowerCase()) ??
    build.stages[/^\d+$/.test(name) ? Number(name) : -1];
  const image = stage?.image ?? build.engine.images.tryFind(name);
  if (image === null)
    throw new BuildError(
      `invalid from flag value ${name}: pull access denied for ${name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
      line,
    );
  return image;
}

function filesOf(build: Build, image: Image): ReadonlyMap<string, ContextEntry> {
  const tree = treeOf(imageFiles(build.engine.host, image, "", new Map(image.programs)));
  const entries = [...tree].flatMap(([path, change]): [string, ContextEntry][] =>
    change.kind === "removed" ? [] : [[path.slice(1), change]],
  );
  return new Map(entries);
}

/** What a word of COPY names: one path, or by a pattern several. */
function find(
  entries: ReadonlyMap<string, ContextEntry>,
  word: string,
  name: string,
  line: number,
): Source[] {
  const path = absolute("/", word).slice(1);
  if (path === "") return [{ path: "", inside: entries }];
  if (!/[*?[]/.test(path)) {
    if (!entries.has(path))
      throw new BuildError(
        `${name} failed: file not found in build context or excluded by .dockerignore: stat ${path}: file does not exist`,
        line,
      );
    return [sourceAt(entries, path)];
  }
  const pattern = globPattern(path);
  return [...entries.keys()].filter((other) => pattern.test(other)).map((other) => sourceAt(entries, other));
}

function sourceAt(entries: ReadonlyMap<string, ContextEntry>, path: string): Source {
  const inside = new Map<string, ContextEntry>([["", entries.get(path)!]]);
  for (const [other, entry] of entries)
    if (other.startsWith(`${path}/`)) inside.set(other.slice(path.length + 1), entry);
  return { path, inside };
}

/** Puts sources at their place: a file into a folder or under another name, a folder's content into a folder. */
function place(files: FileView, sources: readonly Source[], into: string, folder: boolean): void {
  const layer = new Map<string, FileChange>();
  for (const { path, inside } of sources) {
    const own = inside.get("");
    const isFolder = own === undefined || own.kind === "directory";
    const existing = files.exists(into) && files.stat(into).type === "directory";
    const root =
      !isFolder && (folder || existing) ? `${into === "/" ? "" : into}/${path.split("/").at(-1)}` : into;
    parents(files, isFolder ? root : root.slice(0, root.lastIndexOf("/")));
    for (const [inner, entry] of inside) {
      const to = inner === "" ? root : `${root === "/" ? "" : root}/${inner}`;
      if (to !== "/" && !(inner === "" && isFolder && files.exists(to))) layer.set(to, entry);
    }
  }
  applyLayer(files, layer);
}

function parents(files: FileView, path: string): void {
  if (path !== "" && !files.exists(path)) files.mkdir(path, { recursive: true });
}

/** Does something to an image's files and gives what has changed. */
function changed(build: Build, image: Image, act: (files: FileView) => void): Layer {
  const files = imageFiles(build.engine.host, image, "", new Map(image.programs));
  const before = treeOf(files);
  act(files);
  return changesBetween(before, treeOf(files));
}

function hashOf(sources: readonly Source[]): string {
  const parts = sources.flatMap(({ path, inside }) =>
    [...inside].map(([inner, entry]) => {
      const content =
        entry.kind === "file" ? sha256(entry.bytes) : entry.kind === "symlink" ? entry.target : "";
      return `${path}/${inner} ${entry.kind === "symlink" ? "" : entry.mode} ${content}`;
    }),
  );
  return sha256(bytesOf(parts.join("\n")));
}

/** An absolute path out of one that may be relative to a folder. */
export function absolute(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
