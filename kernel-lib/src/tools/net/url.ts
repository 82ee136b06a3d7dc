/** An http URL in its parts. */
export interface HttpUrl {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** The port stands in the URL or is not the scheme's own: then the Host field has it too. */
  readonly explicitPort: boolean;
  /** Path and query, at least `/`. */
  readonly target: string;
  /** `user:password` before the host; empty when absent. */
  readonly credentials: string;
}

const SCHEME_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21 };

/** Takes a URL apart; `http://` is assumed when no scheme is given. Null when it is none. */
export function parseUrl(text: string): HttpUrl | null {
  if (/^[a-z][a-z0-9+.-]*:\/\/(?:\/|$)/i.test(text)) return null;
  const match =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^/?#@]*)@)?([^/?#:@\s]+)(?::(\d*))?([/?][^#\s]*)?(?:#.*)?$/i.exec(
      text,
    );
  if (match === null) return null;
  const scheme = (match[1] ?? "http").toLowerCase();
  const own = SCHEME_PORTS[scheme] ?? 0;
  const port = match[4] === undefined || match[4] === "" ? own : Number(match[4]);
  if (port > 65535) return null;
  const target = match[5] ?? "/";
  return {
    scheme,
    host: match[3]!,
    port,
    explicitPort: port !== own,
    target: target.startsWith("?") ? `/${target}` : target,
    credentials: match[2] ?? "",
  };
}

/** The Host field's value. */
export function hostField(url: HttpUrl): string {
  return url.explicitPort ? `${url.host}:${url.port}` : url.host;
}

/** Where a redirection leads, seen from `base` (RFC 3986 §5, for what servers send). */
export function redirected(base: HttpUrl, location: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return location;
  const origin = `${base.scheme}://${hostField(base)}`;
  if (location.startsWith("//")) return `${base.scheme}:${location}`;
  if (location.startsWith("/")) return origin + location;
  return `${origin}${base.target.replace(/[?].*$/, "").replace(/[^/]*$/, "")}${location}`;
}
