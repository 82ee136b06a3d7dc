/** The version of the format that Redis 7.0 writes. */
export const VERSION = "0010";

/** Types of values (rdb.h). */
export const STRING = 0;
export const LIST = 1;
export const SET = 2;
export const HASH = 4;
/** With scores as binary doubles (RDB_TYPE_ZSET_2). */
export const ZSET = 5;
/** The small forms, in one run of bytes, as Redis 7.0 writes them. */
export const INTSET = 11;
export const PACKED_HASH = 16;
export const PACKED_ZSET = 17;
export const QUICKLIST = 18;
/** With the first id, the largest deleted one and the number of entries ever added (RDB_TYPE_STREAM_LISTPACKS_2). */
export const STREAM = 19;

/** Bytes that begin what is not a value. */
export const OPCODES = {
  /** Of the key that follows: how seldom it is used (`maxmemory-policy`), in seconds or as a counter of one byte. */
  idle: 0xf8,
  frequency: 0xf9,
  auxiliary: 0xfa,
  sizes: 0xfb,
  expiry: 0xfc,
  expirySeconds: 0xfd,
  database: 0xfe,
  end: 0xff,
} as const;
