import { httpDate } from "../../wire/http.js";
import { type HttpRequest, keepsAlive } from "../http-server.js";
import { VERSION } from "./image-files.js";

const NAMES: Readonly<Record<number, string>> = {
  200: "OK",
  204: "No Content",
  301: "Moved Permanently",
  302: "Moved Temporarily",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Not Allowed",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
};

export function statusName(status: number): string {
  return NAMES[status] ?? "";
}

export function connection(request: HttpRequest | null): string {
  return request !== null && keepsAlive(request) ? "keep-alive" : "close";
}

/** The beginning of an answer whose length is known only at its end. */
export function openingOfStream(status: number, now: number, type: string): string {
  return `HTTP/1.1 ${status} ${statusName(status)}\r\nServer: ${VERSION}\r\nDate: ${httpDate(now)}\r\nContent-Type: ${type}\r\n`;
}

export function opening(status: number, now: number, type: string, length: number): string {
  return `${openingOfStream(status, now, type)}Content-Length: ${length}\r\n`;
}
