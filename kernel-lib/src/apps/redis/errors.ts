import { RedisError } from "./reply.js";

/** The errors that many commands have in common (Redis 7.0, server.c createSharedObjects). */
export const wrongType = () =>
  new RedisError("WRONGTYPE Operation against a key holding the wrong kind of value");
export const syntaxError = () => new RedisError("ERR syntax error");
export const notInteger = () => new RedisError("ERR value is not an integer or out of range");
export const notFloat = () => new RedisError("ERR value is not a valid float");
export const noSuchKey = () => new RedisError("ERR no such key");
export const outOfRange = () => new RedisError("ERR index out of range");
export const wrongArity = (name: string) =>
  new RedisError(`ERR wrong number of arguments for '${name}' command`);
export const refused = (what: string) => new RedisError(`ERR ${what} is not supported here`);
export const mustBePositive = () => new RedisError("ERR value is out of range, must be positive");
export const badExpiry = (name: string) => new RedisError(`ERR invalid expire time in '${name}' command`);
export const tooLong = () => new RedisError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
export const sameObject = () => new RedisError("ERR source and destination objects are the same");
export const overflow = () => new RedisError("ERR increment or decrement would overflow");
export const infiniteSum = () => new RedisError("ERR increment would produce NaN or Infinity");
export const badDatabase = () => new RedisError("ERR DB index is out of range");
/** An error with a text that one command alone has. */
export const error = (text: string) => new RedisError(`ERR ${text}`);
