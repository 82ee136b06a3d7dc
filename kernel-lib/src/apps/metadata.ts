import { formatIpv4, formatMac, type Ipv4, type Mac, parseIpv4 } from "../base/addresses.js";
import { type Nanoseconds, seconds } from "../base/units.js";
import type { Process, Program } from "../host/process.js";
import type { Random } from "../sim/random.js";
import { field, httpDate } from "../wire/http.js";
import { type HttpRequest, type HttpResponse, httpServer } from "./http-server.js";

/** Where every cloud's metadata service answers: link-local, so that no router passes it on. */
export const METADATA_ADDRESS: Ipv4 = parseIpv4("169.254.169.254");

/** A virtual machine of the cloud, as its hypervisor knows it. */
export interface Instance {
  readonly mac: Mac;
  /** Its private address on the card. */
  readonly local: Ipv4;
  /** The address by which others reach it. */
  readonly public: Ipv4;
}

/** Life of a token in seconds, as X-aws-ec2-metadata-token-ttl-seconds may ask for it: 1 second to 6 hours. */
const LONGEST_TTL = 21600;

/** Default HttpPutResponseHopLimit: answers to PUT reach the machine itself, and nothing behind it. */
const HOP_LIMIT = 1;

const REGION = "ap-northeast-1";
const ZONE = `${REGION}a`;

/** A folder of the listing is a map; a leaf is its text. */
type Folder = ReadonlyMap<string, string | Folder>;

/**
 * A cloud's metadata service, as EC2's IMDSv2 answers: `PUT /latest/api/token` gives a token, and `GET` works with one only (EC2 User Guide,
 * "Use the Instance Metadata Service"). An answer to PUT leaves with IP TTL 1. A container's packet takes one hop more than the machine's
 * own, so its connection opens but the token never arrives; Linux answers "time to live exceeded" to the service. Who asks is known by the
 * source address, as behind MASQUERADE. Divergence: a real service answers in the hypervisor, on the machine's own link; here a machine of
 * the lab holds the address, and only instances get answers. There is no IMDSv1, and only the entries named below exist.
 */
export function metadataService(instanceOf: (address: Ipv4) => Instance | null): Program {
  return (process) => {
    const random = process.host.world.random.fork(`metadata/${process.host.name}`);
    const tokens = new Map<string, Nanoseconds>();
    const handler = (_: Process, request: HttpRequest | null): HttpResponse => {
      const now = process.host.unixTime();
      const instance = request === null ? null : instanceOf(request.peer.address);
      if (request === null) return answer(400, now);
      if (instance === null) return answer(404, now);
      if (request.target === "/latest/api/token") return giveToken(process, request, tokens, random);
      if (request.method !== "GET" && request.method !== "HEAD")
        return answer(405, now, "", ["Allow: OPTIONS, GET, HEAD"]);
      const left = lifeLeft(process, request, tokens);
      return left === null ? answer(401, now) : look(request, tree(instance, random), now, left);
    };
    return httpServer({ port: 80, address: METADATA_ADDRESS, handler })(process);
  };
}

function giveToken(
  process: Process,
  request: HttpRequest,
  tokens: Map<string, Nanoseconds>,
  random: Random,
): HttpResponse {
  const now = process.host.unixTime();
  if (request.method !== "PUT") return answer(405, now, "", ["Allow: OPTIONS, PUT"]);
  if (field(request.fields, "X-Forwarded-For") !== undefined) return { ...answer(403, now), ttl: HOP_LIMIT };
  const asked = field(request.fields, "X-aws-ec2-metadata-token-ttl-seconds") ?? "";
  const ttl = /^\d{1,6}$/.test(asked) ? Number(asked) : 0;
  if (ttl < 1 || ttl > LONGEST_TTL) return { ...answer(400, now), ttl: HOP_LIMIT };
  const bytes = new Uint8Array(40).map((_, i) => (i < 3 ? [1, 0, 1][i]! : random.uint32() & 0xff));
  const token = base64Url(bytes);
  tokens.set(token, process.host.world.scheduler.now + seconds(ttl));
  return { ...answer(200, now, token, [ttlField(ttl)]), ttl: HOP_LIMIT };
}

/** Seconds that the request's token still has; null without a good one. */
function lifeLeft(process: Process, request: HttpRequest, tokens: Map<string, Nanoseconds>): number | null {
  const token = field(request.fields, "X-aws-ec2-metadata-token") ?? "";
  const until = tokens.get(token);
  const left = (until ?? 0) - process.host.world.scheduler.now;
  if (left > 0) return Math.ceil(left / 1e9);
  tokens.delete(token);
  return null;
}

function look({ target }: HttpRequest, root: Folder, now: number, left: number): HttpResponse {
  const path = target.split("?")[0]!;
  let here: string | Folder | undefined = root;
  for (const part of path.split("/").filter((name) => name !== ""))
    here = here instanceof Map ? here.get(part) : undefined;
  if (here === undefined) return answer(404, now);
  if (typeof here === "string") return answer(200, now, here, [ttlField(left)]);
  if (!path.endsWith("/"))
    return answer(301, now, page("301 - Moved Permanently"), [
      `Location: http://${formatIpv4(METADATA_ADDRESS)}${path}/`,
    ]);
  const names = [...here].map(([name, entry]) => (typeof entry === "string" ? name : `${name}/`));
  return answer(200, now, names.join("\n"), [ttlField(left)]);
}

/** What one instance can read, in the order in which the service lists it. */
function tree(instance: Instance, random: Random): Folder {
  const own = random.fork(formatMac(instance.mac));
  const id = (prefix: string) => `${prefix}-0${own.fork(prefix).hex(16)}`;
  const name = (address: Ipv4) => formatIpv4(address).replaceAll(".", "-");
  const local = `ip-${name(instance.local)}.${REGION}.compute.internal`;
  const open = `ec2-${name(instance.public)}.${REGION}.compute.amazonaws.com`;
  const addresses: [string, string][] = [
    ["public-hostname", open],
    ["public-ipv4", formatIpv4(instance.public)],
  ];
  const card = new Map([
    ["device-number", "0"],
    ["interface-id", id("eni")],
    ["local-hostname", local],
    ["local-ipv4s", formatIpv4(instance.local)],
    ["mac", formatMac(instance.mac)],
    ["public-ipv4s", formatIpv4(instance.public)],
  ]);
  const macs = new Map([[formatMac(instance.mac), card]]);
  const data: Folder = new Map<string, string | Folder>([
    ["ami-id", id("ami")],
    ["hostname", local],
    ["instance-id", id("i")],
    ["instance-type", "t2.micro"],
    ["local-hostname", local],
    ["local-ipv4", formatIpv4(instance.local)],
    ["mac", formatMac(instance.mac)],
    ["network", new Map([["interfaces", new Map([["macs", macs]])]])],
    [
      "placement",
      new Map([
        ["availability-zone", ZONE],
        ["region", REGION],
      ]),
    ],
    ...addresses,
    ["security-groups", "default"],
  ]);
  return new Map([["latest", new Map([["meta-data", data]])]]);
}

const NAMES: Readonly<Record<number, string>> = {
  200: "OK",
  301: "Moved Permanently",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Not Allowed",
};

function answer(
  status: number,
  now: number,
  text: string | null = null,
  more: readonly string[] = [],
): HttpResponse {
  const name = NAMES[status]!;
  const body = text ?? page(`${status} - ${name}`);
  const lines = [
    `HTTP/1.1 ${status} ${name}`,
    ...more,
    `Content-Type: ${text === null || status === 301 ? "text/html" : "text/plain"}`,
    `Content-Length: ${body.length}`,
    `Date: ${httpDate(now)}`,
    "Server: EC2ws",
    "Connection: close",
  ];
  return { head: `${lines.join("\r\n")}\r\n\r\n`, body: new TextEncoder().encode(body), close: true };
}

function ttlField(left: number): string {
  return `X-Aws-Ec2-Metadata-Token-Ttl-Seconds: ${left}`;
}

/** The page of a refusal. */
function page(title: string): string {
  return `<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
\t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>${title}</title>
 </head>
 <body>
  <h1>${title}</h1>
 </body>
</html>
`;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** RFC 4648 §5, padded. */
function base64Url(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const bits = (a << 16) | (b << 8) | c;
    const digits = [18, 12, 6, 0].map((shift) => DIGITS[(bits >> shift) & 63]!).join("");
    text += digits.slice(0, Math.min(3, bytes.length - i) + 1).padEnd(4, "=");
  }
  return text;
}
