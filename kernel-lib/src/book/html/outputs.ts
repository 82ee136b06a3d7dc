import { joinText, type MultilineText, type Output, type OutputData } from "../../base/notebook.js";
import { ansiToHtml } from "./ansi.js";
import { drawingTable, TABLE_MIME } from "./drawing-table.js";
import { markdownToHtml, type PageText } from "./markdown.js";
import { html, type Markup, NOTHING, trusted } from "./markup.js";
import { PageError } from "./page-error.js";
import { type PlotTable, plotTable } from "./plot-table.js";
import { PLOTLY_MIME, plotlyData } from "./plotly.js";
import { sanitizeOutput } from "./sanitize.js";
import { STORY_HEAD, STORY_MIME, storyScript, storyTable } from "./story.js";
import { inlineSvg } from "./svg.js";
import { mergeStreams, settleText } from "./terminal-text.js";

/** Where an output stands: for messages and for ids. */
export interface OutputPlace {
  /** The cell's number, 1 for the notebook's first. */
  readonly cell: number;
  /** The output's number within its cell, 1 for the first. */
  readonly output: number;
  readonly page: PageText;
}

/** A listing with more lines than this scrolls in a box of its own. */
const LONG_LISTING = 30;

/** The outputs of one cell, streams merged, each in the best form that a page can show. */
export function outputsHtml(outputs: readonly Output[], cell: number, page: PageText): Markup {
  const parts = mergeStreams(outputs).map((output, i) => outputHtml(output, { cell, output: i + 1, page }));
  return html`${parts}`;
}

function outputHtml(output: Output, place: OutputPlace): Markup {
  switch (output.output_type) {
    case "stream":
      return listing(settleText(joinText(output.text)), output.name, place);
    case "error":
      return listing(output.traceback.join("\n") || `${output.ename}: ${output.evalue}`, "error", place);
    case "display_data":
    case "execute_result":
      return dataHtml(output.data, place);
  }
}

/** Text as a terminal shows it. Long ones can be scrolled with the keyboard, too. */
function listing(text: string, kind: "stdout" | "stderr" | "error" | "value", place: OutputPlace): Markup {
  const body = text.replace(/\n+$/, "");
  if (body === "") return NOTHING;
  const lines = body.split("\n").length;
  const long =
    lines > LONG_LISTING
      ? trusted(
          ` data-lines="${lines}" tabindex="0" role="region" aria-label="Output ${place.output} of cell ${place.cell}, ${lines} lines"`,
        )
      : NOTHING;
  return html`<pre class="output ${kind}"${long}>${ansiToHtml(body)}</pre>\n`;
}

/** The forms of one value, best first; the first that is there is shown. */
function dataHtml(data: OutputData, place: OutputPlace): Markup {
  const text = (mimeType: string) => (mimeType in data ? joinText(data[mimeType] as MultilineText) : null);
  if (PLOTLY_MIME in data) return plotHtml(data, place);
  const svg = text("image/svg+xml");
  if (STORY_MIME in data && svg !== null) return storyHtml(data[STORY_MIME], svg, place);
  if (svg !== null) return drawingHtml(svg, data[TABLE_MIME], place);
  const image = ["image/png", "image/jpeg", "image/gif", "image/webp"].find((mimeType) => mimeType in data);
  if (image) return imageHtml(image, text(image)!, text("text/plain"), place);
  const markup = text("text/html");
  if (markup !== null) return html`<div class="output rich">${sanitizeOutput(markup)}</div>\n`;
  const markdown = text("text/markdown");
  if (markdown !== null)
    return html`<div class="output rich">${markdownToHtml(markdown, place.page)}</div>\n`;
  if ("application/json" in data)
    return listing(JSON.stringify(data["application/json"], null, 2), "value", place);
  const plain = text("text/plain") ?? text("text/latex");
  if (plain !== null) return listing(plain, "value", place);
  throw new PageError(
    place.cell,
    `no form of this output can be shown: ${Object.keys(data).join(", ") || "it is empty"}`,
  );
}

/** The drawing at rest, and the data from which the page's script makes it alive. */
function plotHtml(data: OutputData, place: OutputPlace): Markup {
  const figure = plotlyData(data[PLOTLY_MIME], (why) => {
    throw new PageError(place.cell, why);
  });
  const svg = data["image/svg+xml"];
  const plain = data["text/plain"];
  const still =
    svg !== undefined
      ? picture(joinText(svg as MultilineText), place)
      : listing(joinText((plain ?? "A plot") as MultilineText), "value", place);
  const table = tableHtml(plotTable(data[PLOTLY_MIME] as { data: unknown; layout: unknown }), place);
  return html`<figure class="output picture plot"><div class="plot-still">${still}</div>${figure}${table}</figure>\n`;
}

/** A picture, and what it shows as a table where the output has one. */
function drawingHtml(svg: string, table: unknown, place: OutputPlace): Markup {
  const refuse = (why: string): never => {
    throw new PageError(place.cell, why);
  };
  const rows = table === undefined ? NOTHING : tableHtml(drawingTable(table, refuse), place);
  return html`<figure class="output picture">${picture(svg, place)}${rows}</figure>\n`;
}

/** A packet's way: the whole of it at rest, and the data from which the page's script makes it playable. */
function storyHtml(story: unknown, svg: string, place: OutputPlace): Markup {
  const data = storyScript(story, (why) => {
    throw new PageError(place.cell, why);
  });
  const table = { caption: "Data: the packet's way", head: STORY_HEAD, rows: storyTable(story) };
  return html`<figure class="output picture story"><div class="story-still">${picture(svg, place)}</div>${data}${tableHtml(table, place)}</figure>\n`;
}

/** The data behind a plot, for readers who want the figures or do not see the drawing. */
function tableHtml({ caption, head, rows }: PlotTable, place: OutputPlace): Markup {
  if (rows.length === 0) return NOTHING;
  const cells = rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`);
  return html`<details class="data-table"><summary>The data as a table</summary>
<div class="table-scroll" tabindex="0" role="region" aria-label="Table of output ${place.output} of cell ${place.cell}"><table><caption>${caption}</caption>
<thead><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>\n<tbody>\n${cells}</tbody></table></div></details>`;
}

function picture(svg: string, place: OutputPlace): Markup {
  const drawn = inlineSvg(svg, `figure-${place.cell}-${place.output}`);
  if (drawn === NOTHING) throw new PageError(place.cell, "this picture is not SVG");
  return drawn;
}

function imageHtml(mimeType: string, base64: string, plain: string | null, place: OutputPlace): Markup {
  const content = base64.replace(/\s/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(content))
    throw new PageError(place.cell, `this ${mimeType} is not base64`);
  const alt = plain ?? "";
  return html`<figure class="output picture"><img src="data:${mimeType};base64,${content}" alt="${alt}"></figure>\n`;
}
