import type { Process } from "../../host/process.js";
import { type HttpRequest, type HttpResponse, keepsAlive } from "../http-server.js";
import type { Settings } from "./config.js";
import { connection, openingOfStream } from "./opening.js";
import { expand, isVariable } from "./variables.js";

/** What nginx shows for a directive that it cannot do. */
const FAILED = "[an error occurred while processing the directive]";
const DIRECTIVE = /<!--#(\w+)((?:\s+\w+="[^"]*")*)\s*-->/g;

/**
 * A page whose directives are carried out (`ssi on`): `<!--#echo var="HOSTNAME" -->` becomes the variable's value. Other directives are not known here and
 * show nginx's message. The page has no length beforehand, so it goes in chunks, or ends with the connection.
 */
export function includedPage(
  process: Process,
  request: HttpRequest,
  settings: Settings,
  type: string,
  bytes: Uint8Array,
): HttpResponse {
  const text = new TextDecoder().decode(bytes).replace(DIRECTIVE, (_, command: string, words: string) => {
    const name = /\bvar="([^"]*)"/.exec(words)?.[1];
    return command === "echo" && name !== undefined
      ? variable(process, request, settings, name.toLowerCase())
      : FAILED;
  });
  const encoder = new TextEncoder();
  const body = encoder.encode(text);
  const chunked = request.version === "HTTP/1.1";
  const head = `${openingOfStream(200, process.host.unixTime(), type)}${chunked ? "Transfer-Encoding: chunked\r\n" : ""}Connection: ${chunked ? connection(request) : "close"}\r\n\r\n`;
  const close = !chunked || !keepsAlive(request);
  if (request.method === "HEAD") return { head, body: new Uint8Array(0), close };
  if (!chunked) return { head, body, close };
  return { head, body: encoder.encode(`${body.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`), close };
}

function variable(process: Process, request: HttpRequest, settings: Settings, name: string): string {
  if (name === "hostname") return process.uts.hostname;
  return isVariable(name, settings) ? expand(`$${name}`, request, settings) : "(none)";
}
