import { constants, type Dirent } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** A file as it was handed in: in a folder or in a ZIP file. */
export interface HandedFile {
  /** Its way below the folder or in the ZIP file, parted by `/`. */
  readonly path: string;
  /** Symbolic links, sockets and devices are named, never read. */
  readonly kind: "file" | "link" | "other";
  /** The bytes. Throws {@link RefusedFile} for what cannot be read within the limits. */
  read(atMost: number): Promise<Buffer>;
}

/** A file that is not read. The message says why, for a teacher. */
export class RefusedFile extends Error {
  override readonly name = "RefusedFile";
}

/** A submission's folder, its assignment's folder, the notebook. */
const DEEPEST = 4;
/** Files of one folder or ZIP file: 3,000 students with some files each. */
export const MOST_FILES = 50_000;

/** What Jupyter, macOS and Git leave beside a notebook. */
export const isLeftBehind = (name: string): boolean => name.startsWith(".") || name === "__MACOSX";

/** The files below a folder in the order of their names. No symbolic link is followed. */
export async function folderFiles(folder: string): Promise<HandedFile[]> {
  const files: HandedFile[] = [];
  const walk = async (inner: readonly string[]): Promise<void> => {
    const entries = await readdir(join(folder, ...inner), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (isLeftBehind(entry.name)) continue;
      const parts = [...inner, entry.name];
      if (entry.isDirectory()) {
        if (parts.length < DEEPEST) await walk(parts);
      } else files.push(fileOf(folder, parts, entry));
      if (files.length > MOST_FILES) throw new RefusedFile(`there are more than ${MOST_FILES} files`);
    }
  };
  await walk([]);
  return files;
}

function fileOf(folder: string, parts: readonly string[], entry: Dirent): HandedFile {
  const path = parts.join("/");
  const kind = entry.isFile() ? "file" : entry.isSymbolicLink() ? "link" : "other";
  return { path, kind, read: (atMost) => readPlainFile(join(folder, ...parts), atMost) };
}

/** Reads what is a plain file at the moment of reading: a link that took its place is refused by the system. */
export async function readPlainFile(path: string, atMost: number): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      throw new RefusedFile(
        error.code === "ELOOP" ? "it is a symbolic link" : `it cannot be read (${error.code})`,
      );
    },
  );
  try {
    const { size } = await handle.stat().then((stat) => {
      if (!stat.isFile()) throw new RefusedFile("it is not a plain file");
      return stat;
    });
    if (size > atMost) throw new RefusedFile(tooLarge(size, atMost));
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

export const tooLarge = (size: number, atMost: number): string =>
  `it has ${size.toLocaleString("en")} bytes; the most that is read is ${atMost.toLocaleString("en")}`;
