import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { sha256 } from "../../base/sha256.js";
import { folderFiles, type HandedFile, RefusedFile, readPlainFile } from "./files.js";
import { type Intake, readSubmitted } from "./notebook.js";
import { type Owner, ownerOf } from "./owner.js";
import { type Stray, zipFiles } from "./zip.js";

/** What one student handed in: a notebook that can be graded, or why it cannot. */
export interface Submission extends Owner {
  /** Where it lies, below the folder or in the ZIP file. */
  readonly source: string;
  /** SHA-256 of the file; of the reason where nothing was read. A student who hands in something else has another one. */
  readonly sha256: string;
  readonly intake: Intake;
}

export type Found = Submission | { readonly stray: Stray };

/** The largest notebook that is read, in bytes: with outputs and pictures a long chapter has 2 MB. */
export const LARGEST_NOTEBOOK = 16_000_000;
/** The largest ZIP file of one student. */
const LARGEST_ZIP = 32_000_000;

interface Handed {
  readonly owner: Owner;
  readonly files: HandedFile[];
}

/**
 * All submissions to an assignment in a folder, in a ZIP file, or the one notebook (of `student`). One that cannot be read says why and stops no other.
 * Throws for a place that does not exist.
 */
export async function* submissionsIn(
  path: string,
  assignment: string,
  student?: string,
): AsyncGenerator<Found> {
  const place = resolve(path);
  const found = await stat(place).catch(() => {
    throw new Error(`there is no ${path}`);
  });
  if (found.isDirectory()) yield* grouped(await folderFiles(place), assignment);
  else if (/\.zip$/i.test(place)) {
    const zip = await zipFiles(place);
    try {
      for (const stray of zip.strays) yield { stray };
      yield* grouped(zip.files, assignment);
    } finally {
      zip.close();
    }
  } else if (/\.ipynb$/i.test(place)) yield await single(place, assignment, student);
  else throw new Error(`${path} is neither a folder, a ZIP file nor a notebook`);
}

/** One notebook, whose student is told or has given it the name. */
async function single(place: string, assignment: string, student: string | undefined): Promise<Submission> {
  const path = basename(place);
  const named = student ?? path.replace(/\.ipynb$/i, "");
  const file: HandedFile = { path, kind: "file", read: (atMost) => readPlainFile(place, atMost) };
  return submission({ student: named, name: named, layout: "file" }, [file], assignment);
}

async function* grouped(files: readonly HandedFile[], assignment: string): AsyncGenerator<Found> {
  const students = new Map<string, Handed>();
  for (const file of files) {
    const owner = ownerOf(file.path, assignment) ?? linkOwner(file);
    if (owner === null) {
      if (/\.(ipynb|zip)$/i.test(file.path))
        yield { stray: { path: file.path, reason: "it belongs to no student or to another assignment" } };
      continue;
    }
    const handed = students.get(owner.student) ?? { owner, files: [] };
    handed.files.push(file);
    students.set(owner.student, handed);
  }
  for (const { owner, files } of students.values()) yield await submission(owner, files, assignment);
}

/** A symbolic link in the place of a student's folder. */
function linkOwner({ path, kind }: HandedFile): Owner | null {
  return kind === "link" && !path.includes("/") ? { student: path, name: path, layout: "folder" } : null;
}

async function submission(
  owner: Owner,
  files: readonly HandedFile[],
  assignment: string,
): Promise<Submission> {
  const source = files.length === 1 ? files[0]!.path : owner.student;
  try {
    const { file, bytes } = await handedNotebook(files, assignment);
    return { ...owner, source: file, sha256: sha256(bytes), intake: readSubmitted(bytes.toString("utf8")) };
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
    const reason = error.message;
    return { ...owner, source, sha256: sha256(Buffer.from(reason)), intake: { kind: "refused", reason } };
  }
}

/** The student's one notebook: alone, the one with the assignment's name among others, or in the student's own ZIP file. */
async function handedNotebook(
  files: readonly HandedFile[],
  assignment: string,
): Promise<{ file: string; bytes: Buffer }> {
  const notebook = onlyOne(files, ".ipynb", assignment);
  if (notebook !== null)
    return { file: notebook.path, bytes: await readHanded(notebook, LARGEST_NOTEBOOK, notebook.path) };
  const archive = onlyOne(files, ".zip", assignment);
  if (archive === null) {
    const link = files.find(({ kind }) => kind !== "file");
    throw new RefusedFile(
      link === undefined
        ? "no notebook (.ipynb) was handed in"
        : `${link.path}: it is a symbolic link, and none is followed`,
    );
  }
  const zip = await zipFiles(await readHanded(archive, LARGEST_ZIP, archive.path));
  try {
    const inner = onlyOne(zip.files, ".ipynb", assignment);
    const path = `${archive.path}:${inner?.path ?? ""}`;
    if (inner !== null) return { file: path, bytes: await readHanded(inner, LARGEST_NOTEBOOK, path) };
    const [stray] = zip.strays;
    throw new RefusedFile(
      stray === undefined
        ? `${archive.path}: no notebook (.ipynb) is in it`
        : `${archive.path}: “${stray.path}”: ${stray.reason}`,
    );
  } finally {
    zip.close();
  }
}

/** Canvas puts words before the name and adds `-1`, `-2` … to what is handed in again. */
const isNamed = (path: string, assignment: string): boolean =>
  basename(path)
    .replace(/(-\d{1,2})?\.\w+$/, "")
    .endsWith(assignment);

function onlyOne(files: readonly HandedFile[], ending: string, assignment: string): HandedFile | null {
  const all = files.filter(({ path }) => path.toLowerCase().endsWith(ending));
  if (all.length < 2) return all[0] ?? null;
  const named = all.filter(({ path }) => isNamed(path, assignment));
  if (named.length === 1) return named[0]!;
  const names = all.slice(0, 4).map(({ path }) => path);
  throw new RefusedFile(`${all.length} files were handed in, and one is wanted: ${names.join(", ")}`);
}

async function readHanded(file: HandedFile, atMost: number, path: string): Promise<Buffer> {
  if (file.kind === "link") throw new RefusedFile(`${path}: it is a symbolic link, and none is followed`);
  if (file.kind === "other") throw new RefusedFile(`${path}: it is not a plain file`);
  return file.read(atMost).catch((error: unknown) => {
    throw error instanceof RefusedFile ? new RefusedFile(`${path}: ${error.message}`) : error;
  });
}
