import type { Output } from "../../base/notebook.js";
import type { PageText } from "../../book/html/markdown.js";
import { outputsHtml } from "../../book/html/outputs.js";
import { PageError } from "../../book/html/page-error.js";
import { loadScript, type View } from "./page-window.js";

/** What `live-view.js` holds: the book's own way of showing outputs. */
const page: PageText = { headings: [], chapterNumber: null, image: () => null } as never;

/** The rules of pictures: the page's policy allows a style sheet that a script made, and no style element with a text of its own. */
const sheets = new Map<HTMLElement, CSSStyleSheet[]>();

function adopt(box: HTMLElement, styles: readonly string[]): void {
  const made = styles.map((style) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    return sheet;
  });
  const old = new Set(sheets.get(box));
  sheets.set(box, made);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets.filter((sheet) => !old.has(sheet)), ...made];
}

/** The content as elements that are in no page yet. */
function parse(html: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function markupOf(outputs: readonly Output[], number: number): string {
  try {
    return outputsHtml(outputs, number, page).text;
  } catch (error) {
    if (error instanceof PageError) return outputsHtml([asText(error.message)], number, page).text;
    throw error;
  }
}

const asText = (text: string): Output => ({ output_type: "stream", name: "stderr", text });

/** Makes the plots alive. A page that came without one has not loaded the script for them. */
async function beginPlots(box: HTMLElement): Promise<void> {
  const plots = [...box.querySelectorAll(".plot")];
  if (plots.length === 0) return;
  if (window.hopbookPlots === undefined) await loadScript("plots.js");
  for (const plot of plots) window.hopbookPlots?.begin(plot);
}

/** Makes packets' ways playable. */
async function beginStories(box: HTMLElement): Promise<void> {
  const stories = [...box.querySelectorAll(".story")];
  if (stories.length === 0) return;
  if (window.hopbookStories === undefined) await loadScript("story.js");
  for (const story of stories) window.hopbookStories?.begin(story);
}

const view: View = {
  outputsInto(box, outputs, number) {
    const content = parse(markupOf(outputs, number));
    const styles = [...content.querySelectorAll("style")].map((style) => {
      style.remove();
      return style.textContent ?? "";
    });
    box.replaceChildren(content);
    adopt(box, styles);
    window.hopbookPage?.dress(box);
    void beginPlots(box);
    void beginStories(box);
  },
};

window.hopbookView = view;
