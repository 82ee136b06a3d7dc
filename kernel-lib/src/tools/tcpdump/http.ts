import type { Dissection } from "./dissection.js";

const METHODS = (
  "GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE LABEL MERGE DELETE SEARCH UNLOCK REPORT UPDATE NOTIFY BDELETE " +
  "CONNECT OPTIONS CHECKIN PROPFIND CHECKOUT CCM_POST SUBSCRIBE PROPPATCH BPROPFIND BPROPPATCH UNCHECKOUT MKACTIVITY MKWORKSPACE " +
  "UNSUBSCRIBE RPC_CONNECT VERSION-CONTROL BASELINE-CONTROL"
).split(" ");
const MAX_TOKEN = 128;
const CR = 0x0d;
const LF = 0x0a;

/** Prints HTTP text (print-http.c, txtproto_print): the first line, or with -v every line up to the first that is not text. */
export function printHttp(d: Dissection, at: number, length: number): void {
  d.protocol = "http";
  const isMessage = beginsMessage(d, at, length);
  d.print("HTTP");
  if (!isMessage) return;
  if (d.options.verbose === 0) {
    printLine(d, ": ", at, 0, length);
    return;
  }
  d.print(`, length: ${length}`);
  for (let index = 0; index < length; ) {
    const next = printLine(d, "\n\t", at, index, length);
    if (next === 0) return;
    index = next;
  }
}

/** Whether the data begins with a method, or with a status code as its second word. */
function beginsMessage(d: Dissection, at: number, length: number): boolean {
  const first = nextToken(d, at, 0, length);
  if (first === null) return false;
  if (METHODS.includes(first.text.toUpperCase())) return true;
  const second = nextToken(d, at, first.next, length);
  return second !== null && /^[0-9]{3}$/.test(second.text);
}

function nextToken(
  d: Dissection,
  at: number,
  from: number,
  length: number,
): { text: string; next: number } | null {
  let index = from;
  let text = "";
  for (; index < length; index++) {
    if (!d.has(at + index, 1)) return null;
    const byte = d.u8(at + index);
    if (byte === 0x20 || byte === 0x09 || byte === CR || byte === LF) break;
    if (!isPrintable(byte) || text.length + 2 > MAX_TOKEN + 1) return null;
    text += String.fromCharCode(byte);
  }
  if (text === "") return null;
  while (index < length && d.has(at + index, 1) && d.u8(at + index) === 0x20) index++;
  return { text, next: index };
}

/** Prints one line; returns where the next begins, 0 when there is none or it is not text. */
function printLine(d: Dissection, prefix: string, at: number, from: number, length: number): number {
  let line = "";
  for (let index = from; index < length; index++) {
    const byte = d.u8(at + index);
    if (byte === LF) {
      d.print(prefix + line);
      return index + 1;
    }
    if (byte === CR) {
      if (index + 1 >= length || d.u8(at + index + 1) !== LF) return 0;
      d.print(prefix + line);
      return index + 2;
    }
    if (!isPrintable(byte) && byte !== 0x09) return 0;
    line += String.fromCharCode(byte);
  }
  d.print(prefix + line);
  d.truncated();
  return 0;
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}
