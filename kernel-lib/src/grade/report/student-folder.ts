import { sha256 } from "../../base/sha256.js";

/** The name of a student's folder: the id where every file system takes it, else its plain letters and eight digits of its hash. */
export function studentFolder(student: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,63}$/.test(student)) return student;
  const plain = student
    .normalize("NFKD")
    .replace(/[^\w-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .toLowerCase();
  return `${plain === "" ? "student" : plain}-${sha256(Buffer.from(student)).slice(0, 8)}`;
}
