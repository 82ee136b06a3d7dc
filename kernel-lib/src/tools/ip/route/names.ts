import { TABLE_DEFAULT, TABLE_LOCAL, TABLE_MAIN } from "../../../route/route.js";

/** /etc/iproute2/rt_tables. */
const TABLES: Readonly<Record<string, number>> = {
  unspec: 0,
  default: TABLE_DEFAULT,
  main: TABLE_MAIN,
  local: TABLE_LOCAL,
};

/** A table's number from its name or number; undefined when it is neither. */
export function readTable(word: string): number | undefined {
  if (Object.hasOwn(TABLES, word)) return TABLES[word];
  return /^\d+$/.test(word) && Number(word) <= 0xffffffff ? Number(word) : undefined;
}

export function tableName(table: number): string {
  return Object.keys(TABLES).find((name) => TABLES[name] === table) ?? `${table}`;
}

/** /etc/iproute2/rt_protos of iproute2 6.1. */
const PROTOCOLS: Readonly<Record<string, number>> = {
  unspec: 0,
  redirect: 1,
  kernel: 2,
  boot: 3,
  static: 4,
  gated: 8,
  ra: 9,
  mrt: 10,
  zebra: 11,
  bird: 12,
  dnrouted: 13,
  xorp: 14,
  ntk: 15,
  dhcp: 16,
  keepalived: 18,
  babel: 42,
  openr: 99,
  bgp: 186,
  isis: 187,
  ospf: 188,
  rip: 189,
  eigrp: 192,
};

/** A protocol's name from name or number; undefined when it is neither. */
export function readProtocol(word: string): string | undefined {
  if (Object.hasOwn(PROTOCOLS, word)) return word;
  if (!/^\d+$/.test(word) || Number(word) > 255) return undefined;
  return Object.keys(PROTOCOLS).find((name) => PROTOCOLS[name] === Number(word)) ?? word;
}
