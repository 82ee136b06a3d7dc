import { SERVICES } from "../services.js";

/** IP protocols by the names of /etc/protocols (Debian's netbase). */
const PROTOCOLS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ip: 0,
    icmp: 1,
    igmp: 2,
    ggp: 3,
    ipencap: 4,
    st: 5,
    tcp: 6,
    egp: 8,
    igp: 9,
    pup: 12,
    udp: 17,
    hmp: 20,
    "xns-idp": 22,
    rdp: 27,
    "iso-tp4": 29,
    dccp: 33,
    xtp: 36,
    ddp: 37,
    "idpr-cmtp": 38,
    ipv6: 41,
    "ipv6-route": 43,
    "ipv6-frag": 44,
    idrp: 45,
    rsvp: 46,
    gre: 47,
    esp: 50,
    ah: 51,
    skip: 57,
    "ipv6-icmp": 58,
    "ipv6-nonxt": 59,
    "ipv6-opts": 60,
    rspf: 73,
    vmtp: 81,
    eigrp: 88,
    ospf: 89,
    "ax.25": 93,
    ipip: 94,
    etherip: 97,
    encap: 98,
    pim: 103,
    ipcomp: 108,
    vrrp: 112,
    l2tp: 115,
    isis: 124,
    sctp: 132,
    fc: 133,
    "mobility-header": 135,
    udplite: 136,
    "mpls-in-ip": 137,
    manet: 138,
    hip: 139,
    shim6: 140,
    wesp: 141,
    rohc: 142,
  }),
);

/** Ethertypes by the names libpcap knows (eproto_db). */
const ETHERTYPES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    aarp: 0x80f3,
    arp: 0x0806,
    atalk: 0x809b,
    decnet: 0x6003,
    ip: 0x0800,
    ip6: 0x86dd,
    lat: 0x6004,
    loopback: 0x9000,
    mopdl: 0x6001,
    moprc: 0x6002,
    rarp: 0x8035,
    sca: 0x6007,
  }),
);

export function ipProtocolByName(name: string): number | undefined {
  return PROTOCOLS.get(name);
}

export function ethertypeByName(name: string): number | undefined {
  return ETHERTYPES.get(name);
}

/** A port by name: with the protocol when /etc/services has it for one of TCP and UDP only. Numbers stand for themselves. */
export function portByName(name: string): { port: number; protocol: number | null } | null {
  if (/^[0-9]+$/.test(name)) return { port: Number(name), protocol: null };
  let tcp: number | undefined;
  let udp: number | undefined;
  for (const { names, port, protocols } of SERVICES) {
    if (!names.includes(name)) continue;
    if (protocols.includes("tcp")) tcp ??= port;
    if (protocols.includes("udp")) udp ??= port;
  }
  if (tcp !== undefined) return { port: tcp, protocol: udp === tcp ? null : 6 };
  return udp === undefined ? null : { port: udp, protocol: 17 };
}
