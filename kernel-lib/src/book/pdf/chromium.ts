import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** Milliseconds after which a print is given up. */
const LONGEST_MS = 180_000;

/** The browser that prints: the one that HOPBOOK_CHROMIUM names, else the first that is installed. Throws when there is none. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment.HOPBOOK_CHROMIUM;
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new Error(`HOPBOOK_CHROMIUM names ${named}, and there is no such file`);
  }
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = [...PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name))), ...PLACES].find(
    (path) => existsSync(path),
  );
  if (found !== undefined) return found;
  throw new Error(
    "the PDF is printed by Chromium or Chrome, and none is installed; HOPBOOK_CHROMIUM may name one",
  );
}

/** Prints an HTML file to a PDF file, with an outline of its headings. */
export async function printPdf(browser: string, page: string, pdf: string): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), "hopbook-print-"));
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const options = [
    ...["--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", ...asRoot],
    ...[`--user-data-dir=${profile}`, "--no-pdf-header-footer", "--generate-pdf-document-outline"],
    ...[`--print-to-pdf=${pdf}`, pathToFileURL(page).href],
  ];
  try {
    await new Promise<void>((done, fail) => {
      execFile(browser, options, { timeout: LONGEST_MS }, (error, _, said) => {
        if (error === null && existsSync(pdf)) done();
        else
          fail(
            new Error(`${browser} printed no PDF: ${lastLine(said) || error?.message || "it says nothing"}`),
          );
      });
    });
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";
