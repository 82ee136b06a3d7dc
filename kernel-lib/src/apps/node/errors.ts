import { ERRNO_TEXT, type Errno } from "../../base/errno.js";

/** An error as Node makes them: with a code, which `stack` shows behind the name. */
export function nodeError(
  code: string,
  message: string,
  kind: typeof Error | typeof TypeError | typeof RangeError = Error,
): Error & { code: string } {
  const error = new kind(message) as Error & { code: string };
  error.code = code;
  const name = error.name;
  error.name = `${name} [${code}]`;
  void error.stack;
  Object.defineProperty(error, "name", {
    value: name,
    enumerable: false,
    configurable: true,
    writable: true,
  });
  return error;
}

/** ERR_INVALID_ARG_TYPE. */
export function argumentType(name: string, wanted: string, given: unknown): Error {
  const kinds = wanted.split("|");
  const list =
    kinds.length > 1
      ? `one of type ${kinds.slice(0, -1).join(", ")} or ${kinds.at(-1)}`
      : `of type ${wanted}`;
  const shape = /^[A-Z]/.test(wanted) ? `an instance of ${wanted}` : list;
  return nodeError(
    "ERR_INVALID_ARG_TYPE",
    `The "${name}" argument must be ${shape}. Received ${received(given)}`,
    TypeError,
  );
}

/** How Node names what it was given instead. */
export function received(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value === "object") {
    const name = (value as object).constructor?.name;
    return name === undefined || name === "" ? "[Object: null prototype] {}" : `an instance of ${name}`;
  }
  const text =
    typeof value === "string" ? `'${value.length > 28 ? `${value.slice(0, 25)}...` : value}'` : String(value);
  return `type ${typeof value} (${typeof value === "bigint" ? `${text}n` : text})`;
}

/** Linux's numbers of the errors that programs see. */
const NUMBERS: Readonly<Partial<Record<Errno | "ENOTFOUND" | "EAI_AGAIN", number>>> = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENOTTY: 25,
  ENOSPC: 28,
  EROFS: 30,
  EPIPE: 32,
  ERANGE: 34,
  ENAMETOOLONG: 36,
  ENOTEMPTY: 39,
  ELOOP: 40,
  EPROTO: 71,
  EMSGSIZE: 90,
  ENOPROTOOPT: 92,
  EPROTONOSUPPORT: 93,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  ECONNABORTED: 103,
  ECONNRESET: 104,
  ENOBUFS: 105,
  EISCONN: 106,
  ENOTCONN: 107,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EHOSTDOWN: 112,
  EHOSTUNREACH: 113,
  EALREADY: 114,
  EINPROGRESS: 115,
  ENONET: 64,
  ENOTFOUND: 3008,
  EAI_AGAIN: 3001,
};

/** libuv's own words where they are not glibc's (uv_strerror). */
const UV_TEXT: Readonly<Partial<Record<Errno, string>>> = {
  ENOENT: "no such file or directory",
  EEXIST: "file already exists",
  EISDIR: "illegal operation on a directory",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EINVAL: "invalid argument",
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "address not available",
  ELOOP: "too many symbolic links encountered",
  EBUSY: "resource busy or locked",
  EBADF: "bad file descriptor",
  EROFS: "read-only file system",
  ENXIO: "no such device or address",
};

export interface SystemError extends Error {
  errno: number;
  code: string;
  syscall: string;
  address?: string;
  port?: number;
  path?: string;
  dest?: string;
  hostname?: string;
}

/** The negative number that libuv gives for an error. */
export function errnoOf(code: Errno | "ENOTFOUND" | "EAI_AGAIN"): number {
  return -(NUMBERS[code] ?? 4095);
}

/** An error of a socket call: `connect ECONNREFUSED 172.18.0.100:6379`. */
export function socketError(
  code: Errno,
  syscall: string,
  place?: { address: string; port: number },
): SystemError {
  const where = place === undefined ? "" : ` ${place.address}:${place.port}`;
  const words =
    syscall === "listen" || syscall === "bind"
      ? `${syscall} ${code}: ${UV_TEXT[code] ?? ERRNO_TEXT[code].toLowerCase()}`
      : `${syscall} ${code}`;
  return Object.assign(new Error(`${words}${where}`), {
    errno: errnoOf(code),
    code,
    syscall,
    ...place,
  }) as SystemError;
}

/** An error of a file call: `ENOENT: no such file or directory, open 'x'`. */
export function fileError(code: Errno, syscall: string, path?: string, dest?: string): SystemError {
  const text = UV_TEXT[code] ?? ERRNO_TEXT[code].toLowerCase();
  const names = `${path === undefined ? "" : ` '${path}'`}${dest === undefined ? "" : ` -> '${dest}'`}`;
  const error = new Error(`${code}: ${text}, ${syscall}${names}`) as SystemError;
  return Object.assign(error, {
    errno: errnoOf(code),
    code,
    syscall,
    ...(path === undefined ? {} : { path }),
    ...(dest === undefined ? {} : { dest }),
  });
}
