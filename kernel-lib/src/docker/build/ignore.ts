/** One line of .dockerignore. */
interface Pattern {
  readonly match: RegExp;
  readonly keeps: boolean;
}

/** Reads .dockerignore (moby/patternmatcher): the last line that fits a path, or a folder that it lies in, decides. */
export function ignoring(text: string): (path: string) => boolean {
  const patterns = text.split(/\r?\n/).flatMap((line): Pattern[] => {
    const trimmed = line.trim();
    if (trimmed === "" || line.startsWith("#")) return [];
    const keeps = trimmed.startsWith("!");
    const path = (keeps ? trimmed.slice(1) : trimmed).replace(/^\/+|\/+$/g, "").replace(/^\.\//, "");
    return path === "" ? [] : [{ match: globPattern(path), keeps }];
  });
  return (path) => {
    const parts = path.split("/");
    const folders = parts.map((_, i) => parts.slice(0, i + 1).join("/"));
    let ignored = false;
    for (const { match, keeps } of patterns)
      if (folders.some((folder) => match.test(folder))) ignored = !keeps;
    return ignored;
  };
}

/** Go's filepath.Match, and `**` for any number of folders. */
export function globPattern(glob: string): RegExp {
  let source = "";
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at]!;
    if (char === "*" && glob[at + 1] === "*") {
      at++;
      if (glob[at + 1] === "/") at++;
      source += at === glob.length - 1 ? ".*" : "(?:.*/)?";
    } else if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "[") {
      const end = glob.indexOf("]", at + 1);
      source += end < 0 ? "\\[" : glob.slice(at, end + 1);
      if (end >= 0) at = end;
    } else if (char === "\\" && at + 1 < glob.length) source += `\\${glob[++at]}`;
    else source += char.replace(/[.+^${}()|\\]/g, "\\$&");
  }
  return new RegExp(`^${source}$`);
}
