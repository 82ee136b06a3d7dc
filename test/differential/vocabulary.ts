/** What cases are made of: few addresses and ports, so that packets meet rules, and connections meet each other. */

export const TCP_SERVERS = [22, 80, 443, 5000] as const;
export const UDP_SERVERS = [53, 123, 5000, 5353] as const;
export const CLIENT_PORTS = [40000, 40001, 40002, 500, 700] as const;
export const ECHO_IDS = [7, 8, 9] as const;

/** What DNAT and REDIRECT lead to. */
export const NAT_PORTS = [8080, 5000, 80, 6100] as const;

/** Ranges out of which NAT draws: no rule matches a part of one. Linux 6.1 draws DNAT's ports at random, 6.18 begins with the first. */
export const DRAWN_RANGES = [
  [6000, 6003],
  [7000, 7010],
  [20000, 20010],
] as const;

/** Ports that do not come of NAT's own choice among many. */
export const KNOWN_PORTS: ReadonlySet<number> = new Set([
  ...TCP_SERVERS,
  ...UDP_SERVERS,
  ...CLIENT_PORTS,
  ...ECHO_IDS,
  ...NAT_PORTS,
]);

/** Networks and addresses for -s and -d. */
export const NETWORKS = [
  "10.1.0.2",
  "10.1.0.3",
  "10.1.0.1",
  "10.1.0.100",
  "10.1.0.0/24",
  "10.2.0.0/24",
  "10.2.0.2",
  "10.2.0.0/255.255.0.255",
  "10.0.0.0/8",
  "172.17.0.0/16",
  "172.17.0.1",
  "172.17.0.2",
  "172.17.0.3",
  "127.0.0.0/8",
  "198.51.100.0/24",
  "203.0.113.9",
  "0.0.0.0/0",
] as const;
