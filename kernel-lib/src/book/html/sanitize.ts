import type { Config } from "dompurify";
import { useDom } from "./dom.js";
import { type Markup, trusted } from "./markup.js";

/** Elements that ask, load or play something; a page of the book only shows. */
const FORBIDDEN = [
  ...[
    "audio",
    "video",
    "source",
    "track",
    "picture",
    "embed",
    "object",
    "iframe",
    "frame",
    "base",
    "link",
    "meta",
  ],
  ...[
    "form",
    "input",
    "button",
    "select",
    "option",
    "textarea",
    "label",
    "fieldset",
    "dialog",
    "style",
    "template",
  ],
];

/** Classes that the converted chapters use; any other class could borrow the page's own looks. */
const CLASSES =
  /^(hljs(-\w+)*|\w+_{1,2}|language-\w+|admonition|alert(-\w+)?|note|hint|tip|important|seealso|attention|caution|warning|danger|error|dropdown|solution|glossary|sources|footnotes|footnote-mark|anchor|short|number|code|table-scroll|term|external)$/;

const COMMON: Config = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: FORBIDDEN,
  FORBID_ATTR: [
    "style",
    "srcset",
    "background",
    "target",
    "autofocus",
    "tabindex",
    "contenteditable",
    "slot",
    "part",
  ],
  ALLOW_DATA_ATTR: false,
  ADD_ATTR: ["data-definition"],
};

/** Images come with the page; anything else would ask another host. */
function keepInside(root: ParentNode): void {
  for (const image of root.querySelectorAll("img")) {
    const source = image.getAttribute("src") ?? "";
    if (!/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/.test(source))
      image.replaceWith(image.getAttribute("alt") ?? "");
  }
  for (const link of root.querySelectorAll("a[href]")) {
    const target = link.getAttribute("href") ?? "";
    if (
      /^(https?:|mailto:|#|[\w.-]+(\/|\.|#|$))/i.test(target) &&
      !/^(javascript|data|vbscript|file|blob):/i.test(target)
    ) {
      if (/^https?:/i.test(target)) link.setAttribute("rel", "noopener noreferrer");
    } else {
      link.removeAttribute("href");
    }
  }
}

function keepClasses(root: ParentNode): void {
  for (const element of root.querySelectorAll("[class]")) {
    const kept = [...element.classList].filter((name) => CLASSES.test(name));
    if (kept.length > 0) element.setAttribute("class", kept.join(" "));
    else element.removeAttribute("class");
  }
}

function serialize(fragment: DocumentFragment): Markup {
  const box = useDom().document.createElement("div");
  box.append(fragment);
  return trusted(box.innerHTML);
}

/** HTML that a Markdown cell made: its classes and anchors stay, whatever acts or loads goes. */
export function sanitizeMarkdown(text: string): Markup {
  const fragment = useDom().purify.sanitize(text, { ...COMMON, RETURN_DOM_FRAGMENT: true });
  keepInside(fragment);
  keepClasses(fragment);
  return serialize(fragment);
}

/** HTML that a cell printed: without classes and ids, so that it can neither imitate nor disturb the page. */
export function sanitizeOutput(text: string): Markup {
  const fragment = useDom().purify.sanitize(text, { ...COMMON, RETURN_DOM_FRAGMENT: true });
  keepInside(fragment);
  for (const element of fragment.querySelectorAll("[class], [id], [name]")) {
    for (const name of ["class", "id", "name"]) element.removeAttribute(name);
  }
  return serialize(fragment);
}
