/** The version of the format that Redis 7.0 writes. */
export const VERSION = "0010";

/** Types of values (rdb.h). */
export const STRING = 0;
export const LIST = 1;
export const SET = 2;
export const HASH = 4;
/** With scores as binary doubles (RDB_TYPE_ZSET_2). */
export const ZSET = 5;

/** Bytes that begin what is not a value. */
export const OPCODES = {
  auxiliary: 0xfa,
  sizes: 0xfb,
  expiry: 0xfc,
  expirySeconds: 0xfd,
  database: 0xfe,
  end: 0xff,
} as const;
