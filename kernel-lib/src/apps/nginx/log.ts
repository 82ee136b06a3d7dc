import { formatIpv4 } from "../../base/addresses.js";
import type { Process } from "../../host/process.js";
import { field, MONTHS } from "../../wire/http.js";
import type { HttpRequest } from "../http-server.js";

function two(n: number): string {
  return String(n).padStart(2, "0");
}

/** `2026/11/21 03:12:07`, before every line of the error log. */
export function logTime(process: Process): string {
  const date = new Date(Math.floor(process.host.unixTime()) * 1000);
  const day = `${date.getUTCFullYear()}/${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

function accessTime(process: Process): string {
  const date = new Date(Math.floor(process.host.unixTime()) * 1000);
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${time} +0000`;
}

/** A line of the error log; `who` is `pid#tid: ` and perhaps `*connection `. */
export function logError(process: Process, level: string, who: string, text: string): void {
  process.stderr.write(`${logTime(process)} [${level}] ${who} ${text}\n`);
}

/** A line of the access log in the format "main" of the image. */
export function logAccess(
  process: Process,
  request: HttpRequest | null,
  peer: { readonly address: number },
  status: number,
  size: number,
): void {
  const line = request === null ? "" : `${request.method} ${request.target} ${request.version}`;
  const of = (name: string) => (request === null ? undefined : field(request.fields, name)) ?? "-";
  const tail = `"${of("Referer")}" "${of("User-Agent")}" "${of("X-Forwarded-For")}"`;
  process.stdout.write(
    `${formatIpv4(peer.address)} - - [${accessTime(process)}] "${line}" ${status} ${size} ${tail}\n`,
  );
}
