/** To whom a file belongs, by where it lies. */
export interface Owner {
  /** The student's id: the folder's, the file's or the LMS's, never what the notebook claims. */
  readonly student: string;
  /** The name that the LMS gives, else the id. */
  readonly name: string;
  /** How it was laid out. */
  readonly layout: "folder" | "file" | "nbgrader" | "moodle" | "canvas";
}

/** Moodle's “Download all submissions”: `Full Name_PARTICIPANT_assignsubmission_file[_NAME]`, a folder or the file itself. */
const MOODLE = /^(.+)_(\d+)_assignsubmission_file(?:_(.*))?$/;

/** Canvas' “Download Submissions”: `lastfirst[_LATE]_USER_SUBMISSION_NAME`. */
const CANVAS = /^([^_]+)(?:_LATE)?_(\d+)_(\d+)_(.+\.(?:ipynb|zip))$/i;

/** Ids stand in names of files and in tables: no control characters, nothing that means a way. */
const STUDENT = /^(?!\.)[^/\\\p{Cc}]{1,100}$/u;

/**
 * The owner of a file: `STUDENT.ipynb`, `STUDENT/ANY.ipynb`, nbgrader's `submitted/STUDENT/ASSIGNMENT/ANY.ipynb`, or what Moodle and Canvas make. Null for a
 * file that is no submission to this assignment.
 */
export function ownerOf(path: string, assignment: string): Owner | null {
  const parts = path.split("/");
  if (parts[0] === "submitted" && parts.length > 2) parts.shift();
  const [first, second] = parts as [string, string | undefined];
  const moodle = MOODLE.exec(first);
  if (moodle) return owner(moodle[2]!, moodle[1]!, "moodle");
  if (parts.length === 1) {
    const canvas = CANVAS.exec(first);
    if (canvas) return owner(canvas[2]!, canvas[1]!, "canvas");
    const plain = /^(.+)\.(?:ipynb|zip)$/i.exec(first)?.[1];
    return plain === undefined ? null : owner(plain, plain, "file");
  }
  if (parts.length === 2) return owner(first, first, "folder");
  return second === assignment ? owner(first, first, "nbgrader") : null;
}

function owner(student: string, name: string, layout: Owner["layout"]): Owner | null {
  return STUDENT.test(student) ? { student, name, layout } : null;
}
