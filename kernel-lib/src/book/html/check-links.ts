import { useDom } from "./dom.js";

/** A link of a page that leads nowhere. */
export interface BrokenLink {
  readonly page: string;
  readonly target: string;
}

/**
 * The links between and within pages that lead to no page, file or anchor. `pages` maps file names to their HTML, `files`
 * are the other files that lie beside them.
 */
export function brokenLinks(pages: ReadonlyMap<string, string>, files: ReadonlySet<string>): BrokenLink[] {
  const anchors = new Map<string, Set<string>>();
  const links: BrokenLink[] = [];
  for (const [page, text] of pages) {
    const box = useDom().document.createElement("template");
    box.innerHTML = text;
    anchors.set(page, new Set([...box.content.querySelectorAll("[id]")].map((element) => element.id)));
    for (const element of box.content.querySelectorAll("a[href], link[href], script[src], img[src]")) {
      const target = element.getAttribute("href") ?? element.getAttribute("src") ?? "";
      if (!/^[a-z][a-z+.-]*:/i.test(target)) links.push({ page, target });
    }
  }
  return links.filter(({ page, target }) => {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : path;
    if (anchor === undefined || anchor === "") return !anchors.has(file) && !files.has(file);
    return !anchors.get(file)?.has(decodeURIComponent(anchor));
  });
}
