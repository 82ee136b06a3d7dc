import { useDom } from "./dom.js";
import { type Markup, NOTHING, trusted } from "./markup.js";

const REFERENCES = ["href", "xlink:href", "clip-path", "mask", "filter", "fill", "stroke", "style"];
const MARKERS = ["marker-start", "marker-mid", "marker-end", "aria-labelledby", "aria-describedby"];

/**
 * A picture that may stand in the page: nothing in it runs or loads, its ids begin with `prefix` (two pictures of one
 * library have the same ids, and the second would use the first one's clip paths), its style rules reach no further than itself.
 * The class `for-paper` marks a picture whose colours were chosen for white paper: a dark page turns them over.
 */
export function inlineSvg(text: string, prefix: string): Markup {
  const fragment = useDom().purify.sanitize(text, {
    USE_PROFILES: { svg: true, svgFilters: true },
    ADD_TAGS: ["style"],
    FORBID_TAGS: ["a", "image", "foreignobject", "animate", "set", "script"],
    RETURN_DOM_FRAGMENT: true,
  });
  const svg = fragment.querySelector("svg");
  if (!svg) return NOTHING;
  for (const element of [svg, ...svg.querySelectorAll("*")]) {
    prefixIds(element, prefix);
    prefixClasses(element);
  }
  for (const style of svg.querySelectorAll("style")) scopeStyle(style, prefix);
  svg.setAttribute("id", prefix);
  if (!svg.hasAttribute("role")) svg.setAttribute("role", "img");
  if (!/currentcolor|var\(--|prefers-color-scheme/i.test(text)) svg.classList.add("for-paper");
  fitPage(svg);
  return trusted(svg.outerHTML);
}

function prefixIds(element: Element, prefix: string): void {
  const id = element.getAttribute("id");
  if (id !== null) element.setAttribute("id", `${prefix}-${id}`);
  for (const name of [...REFERENCES, ...MARKERS]) {
    const value = element.getAttribute(name);
    if (value === null) continue;
    const own = referOwn(value, name, prefix);
    if (own === null) element.removeAttribute(name);
    else element.setAttribute(name, own);
  }
}

/** Names of a picture's own, so that the page's rules for `.bar` or `.output` do not reach into it. */
const CLASS_PREFIX = "svg-";

function prefixClasses(element: Element): void {
  const names = [...element.classList].map((name) => CLASS_PREFIX + name);
  if (names.length > 0) element.setAttribute("class", names.join(" "));
}

/** The value with references to this picture's renamed ids; null when it refers to anything outside it. */
function referOwn(value: string, name: string, prefix: string): string | null {
  if (name.endsWith("href")) return value.startsWith("#") ? `#${prefix}-${value.slice(1)}` : null;
  if (name.startsWith("aria-")) return value.replace(/[^\s]+/g, (id) => `${prefix}-${id}`);
  const own = value.replace(
    /url\(\s*(["']?)#([^"')]+)\1\s*\)/g,
    (_, quote: string, id: string) => `url(${quote}#${prefix}-${id}${quote})`,
  );
  return loads(own) ? null : own;
}

/** True for CSS that fetches something. */
function loads(css: string): boolean {
  return /url\(\s*(?!["']?#)|@import|image-set|\\/i.test(css);
}

/** Rules nested under the picture's id. A rule set that could close that nesting, or loads something, is left out. */
function scopeStyle(style: Element, prefix: string): void {
  const css = style.textContent ?? "";
  let depth = 0;
  let closes = false;
  for (const character of css) {
    if (character === "{") depth++;
    else if (character === "}") closes ||= --depth < 0;
  }
  const strings = css.replace(/"[\w\s.,-]*"|'[\w\s.,-]*'/g, "");
  if (closes || depth !== 0 || loads(css) || /\/\*|["'<]/.test(strings)) style.remove();
  else style.textContent = `#${prefix} {${css.replace(/\.(?=[A-Za-z_-])/g, `.${CLASS_PREFIX}`)}}`;
}

/** A width and a height in pixels also say the shape, so that the picture can shrink on a narrow screen. */
function fitPage(svg: Element): void {
  const width = Number.parseFloat(svg.getAttribute("width") ?? "");
  const height = Number.parseFloat(svg.getAttribute("height") ?? "");
  if (!svg.hasAttribute("viewBox") && width > 0 && height > 0)
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
}
