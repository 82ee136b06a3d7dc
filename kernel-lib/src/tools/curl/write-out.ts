import { formatIpv4, type Ipv4 } from "../../base/addresses.js";
import type { Nanoseconds } from "../../base/units.js";

/** What `-w` can print about a transfer. Times are virtual, from its start. */
export interface TransferFacts {
  url: string;
  method: string;
  httpCode: number;
  httpVersion: string;
  contentType: string;
  remoteAddress: Ipv4 | null;
  remotePort: number;
  localAddress: Ipv4 | null;
  localPort: number;
  downloaded: number;
  uploaded: number;
  headerBytes: number;
  requestBytes: number;
  connects: number;
  redirects: number;
  resolvedAfter: Nanoseconds;
  connectedAfter: Nanoseconds;
  sentAfter: Nanoseconds;
  firstByteAfter: Nanoseconds;
  total: Nanoseconds;
  exitCode: number;
  error: string;
}

export function noFacts(url: string): TransferFacts {
  return {
    url,
    method: "GET",
    httpCode: 0,
    httpVersion: "0",
    contentType: "",
    remoteAddress: null,
    remotePort: 0,
    localAddress: null,
    localPort: 0,
    downloaded: 0,
    uploaded: 0,
    headerBytes: 0,
    requestBytes: 0,
    connects: 0,
    redirects: 0,
    resolvedAfter: 0,
    connectedAfter: 0,
    sentAfter: 0,
    firstByteAfter: 0,
    total: 0,
    exitCode: 0,
    error: "",
  };
}

const time = (ns: Nanoseconds) => (ns / 1e9).toFixed(6);
const address = (ip: Ipv4 | null) => (ip === null ? "" : formatIpv4(ip));

/** The variables, one visible list. */
const VARIABLES: Readonly<Record<string, (facts: TransferFacts) => string>> = {
  content_type: (f) => f.contentType,
  errormsg: (f) => f.error,
  exitcode: (f) => String(f.exitCode),
  http_code: (f) => String(f.httpCode).padStart(3, "0"),
  http_version: (f) => f.httpVersion,
  local_ip: (f) => address(f.localAddress),
  local_port: (f) => String(f.localPort),
  method: (f) => f.method,
  num_connects: (f) => String(f.connects),
  num_redirects: (f) => String(f.redirects),
  remote_ip: (f) => address(f.remoteAddress),
  remote_port: (f) => String(f.remotePort),
  response_code: (f) => String(f.httpCode).padStart(3, "0"),
  scheme: () => "HTTP",
  size_download: (f) => String(f.downloaded),
  size_header: (f) => String(f.headerBytes),
  size_request: (f) => String(f.requestBytes),
  size_upload: (f) => String(f.uploaded),
  speed_download: (f) => String(Math.floor(f.downloaded / Math.max(1e-6, f.total / 1e9))),
  time_appconnect: () => time(0),
  time_connect: (f) => time(f.connectedAfter),
  time_namelookup: (f) => time(f.resolvedAfter),
  time_pretransfer: (f) => time(f.sentAfter),
  time_starttransfer: (f) => time(f.firstByteAfter),
  time_total: (f) => time(f.total),
  url: (f) => f.url,
  url_effective: (f) => f.url,
};

/** Fills a `-w` format in. Unknown variables go to `complain` and print nothing, as in curl. */
export function writeOut(format: string, facts: TransferFacts, complain: (text: string) => void): string {
  return format.replace(
    /%\{([^}]*)\}|%%|\\([nrt])/g,
    (whole, name: string | undefined, letter: string | undefined) => {
      if (whole === "%%") return "%";
      if (letter !== undefined) return { n: "\n", r: "\r", t: "\t" }[letter] ?? "";
      const variable = Object.hasOwn(VARIABLES, name!) ? VARIABLES[name!] : undefined;
      if (variable === undefined) complain(`curl: unknown --write-out variable: '${name}'\n`);
      return variable?.(facts) ?? "";
    },
  );
}
