import { readFileSync, realpathSync, statSync } from "node:fs";
import { extname, join, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
};

/** A page with a picture larger than this would be slow to open, in bytes. */
const LARGEST = 2_000_000;

/**
 * Pictures as `data:` URLs, for a notebook in `folder`; only files under `root`, by a path that is a path and a type that
 * is a picture's. Gives null for anything else.
 */
export function imagesUnder(root: string, folder: string): (path: string) => string | null {
  return (path) => {
    const type = TYPES[extname(path).toLowerCase()];
    if (type === undefined || /^[a-z][a-z+.-]*:|^\//i.test(path)) return null;
    try {
      const file = realpathSync(join(folder, decodeURIComponent(path)));
      if (!file.startsWith(realpathSync(root) + sep) || statSync(file).size > LARGEST) return null;
      return `data:${type};base64,${readFileSync(file).toString("base64")}`;
    } catch {
      return null;
    }
  };
}
