import { type Entry, fromBuffer, getFileNameLowLevel, open, type ZipFile } from "yauzl";
import { type HandedFile, isLeftBehind, MOST_FILES, RefusedFile, tooLarge } from "./files.js";

/** What a ZIP file holds, and the entries that are passed over. */
export interface ZipFiles {
  readonly files: readonly HandedFile[];
  readonly strays: readonly Stray[];
  close(): void;
}

/** A file that belongs to nobody or must not be touched. */
export interface Stray {
  readonly path: string;
  readonly reason: string;
}

/** The kinds of file in the upper half of the attributes that Unix programs write (`S_IFMT`, inode(7)). */
const KIND_MASK = 0o170000;
const LINK = 0o120000;
const PLAIN = 0o100000;

/** Names come as bytes: yauzl's own check would end the whole archive for one bad name. */
const OPTIONS = { lazyEntries: true, autoClose: false, decodeStrings: false } as const;

/**
 * The list of a ZIP file, from a path or from its bytes. Nothing is written to a disk and only what is asked for is inflated, never more than its limit.
 * Throws {@link RefusedFile} for what is no ZIP file.
 */
export async function zipFiles(source: string | Buffer): Promise<ZipFiles> {
  const zip = await openZip(source);
  const files: HandedFile[] = [];
  const strays: Stray[] = [];
  await new Promise<void>((done, fail) => {
    zip.on("error", (error: Error) => fail(refusal(error)));
    zip.on("end", done);
    zip.on("entry", (entry: Entry) => {
      const path = nameOf(entry);
      if (leadsOut(path)) strays.push({ path, reason: "its name leads out of the ZIP file" });
      else if (!path.endsWith("/") && !path.split("/").some(isLeftBehind))
        files.push(fileOf(zip, entry, path));
      if (files.length + strays.length > MOST_FILES)
        fail(new RefusedFile(`there are more than ${MOST_FILES} files in it`));
      else zip.readEntry();
    });
    zip.readEntry();
  });
  return { files, strays, close: () => zip.close() };
}

function nameOf(entry: Entry): string {
  const raw = entry.fileName as unknown as Buffer;
  return getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, true);
}

/** Names with `..`, from the root, of a drive, or with the separator of Windows. */
function leadsOut(path: string): boolean {
  return path.startsWith("/") || /^[a-zA-Z]:|\\|\0/.test(path) || path.split("/").includes("..");
}

function openZip(source: string | Buffer): Promise<ZipFile> {
  return new Promise((done, fail) => {
    const opened = (error: Error | null, zip?: ZipFile): void => {
      if (zip === undefined) fail(refusal(error));
      else done(zip);
    };
    if (typeof source === "string") open(source, OPTIONS, opened);
    else fromBuffer(source, OPTIONS, opened);
  });
}

function refusal(error: Error | null): RefusedFile {
  return new RefusedFile(`it is not a ZIP file that can be read (${error?.message ?? "unknown error"})`);
}

function fileOf(zip: ZipFile, entry: Entry, path: string): HandedFile {
  const kind = (entry.externalFileAttributes >>> 16) & KIND_MASK;
  return {
    path,
    kind: kind === LINK ? "link" : kind === 0 || kind === PLAIN ? "file" : "other",
    read: (atMost) => inflate(zip, entry, atMost),
  };
}

/** The bytes of an entry. Its head may lie about the size: what comes out is counted as well. */
function inflate(zip: ZipFile, entry: Entry, atMost: number): Promise<Buffer> {
  if (entry.uncompressedSize > atMost)
    return Promise.reject(new RefusedFile(tooLarge(entry.uncompressedSize, atMost)));
  if (entry.isEncrypted()) return Promise.reject(new RefusedFile("it is encrypted"));
  return new Promise((done, fail) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error !== null || stream === undefined) return fail(refusal(error));
      const parts: Buffer[] = [];
      let size = 0;
      stream.on("data", (part: Buffer) => {
        size += part.length;
        if (size > atMost) stream.destroy(new RefusedFile(tooLarge(size, atMost)));
        else parts.push(part);
      });
      stream.on("error", (broken) => fail(broken instanceof RefusedFile ? broken : refusal(broken)));
      stream.on("end", () => done(Buffer.concat(parts)));
    });
  });
}
