import type { Fault, PacketSpec, Step, TcpPart, Transport } from "./case.js";
import type { Chooser } from "./chooser.js";
import { FAR, LOCAL_ADDRESSES, NEIGHBOURS, type Neighbour, SERVICES, TAPS } from "./machine.js";
import { CLIENT_PORTS, ECHO_IDS, TCP_SERVERS, UDP_SERVERS } from "./vocabulary.js";

const FIN = 1;
const SYN = 2;
const RST = 4;
const PSH = 8;
const ACK = 16;

/** A step before it has an identification: `to` counts the steps of its own flow from 0. */
type Draft<T = Step> = T extends Step ? Omit<T, "id"> : never;

const HOSTS = [...NEIGHBOURS.filter(({ address }) => address !== "10.1.0.254"), ...FAR];

/** `count` steps of several flows that go on side by side. */
export function generateSteps(
  choose: Chooser,
  count: number,
  may: { readonly fragments: boolean },
): readonly Step[] {
  const flows: Draft[][] = [];
  for (let total = 0; total < count + 10; ) {
    const flow = generateFlow(choose);
    total += flow.length;
    flows.push(flow);
  }
  const steps: Step[] = [];
  const ids = flows.map(() => [] as number[]);
  const open = flows.map((_, i) => i);
  while (steps.length < count && open.length > 0) {
    const at = choose.number(0, Math.min(2, open.length - 1));
    const flow = open[at]!;
    const own = ids[flow]!;
    const draft = flows[flow]![own.length]!;
    const id = steps.length + 1;
    own.push(id);
    steps.push({
      ...(may.fragments ? draft : unfragmented(draft)),
      id,
      ...("to" in draft ? { to: own[draft.to]! } : {}),
    } as Step);
    if (own.length === flows[flow]!.length) open.splice(at, 1);
  }
  return steps;
}

function unfragmented(draft: Draft): Draft {
  return draft.kind === "frame" ? { ...draft, packet: { ...draft.packet, fragments: [] } } : draft;
}

function generateFlow(choose: Chooser): Draft[] {
  const make = choose.weighted<(choose: Chooser) => Draft[]>([
    [10, tcpFlow],
    [8, udpFlow],
    [5, pingFlow],
    [2, strayFlow],
    [1, otherFlow],
  ]);
  return make(choose);
}

/** How one end sends: from a tap, or from the machine itself. */
type Sender = (transport: Transport, extra?: Partial<PacketSpec>) => Draft;

/** Two ends, and how the first sends to the second. */
function ends(choose: Chooser, service: boolean): Sender {
  if (choose.percent(14)) return localSender(choose);
  const from = choose.one(...HOSTS);
  const to = destinationFor(choose, from, service);
  const tap = choose.percent(3) ? choose.one(...TAPS).name : from.tap;
  const gateway = TAPS.find(({ name }) => name === tap)!.gatewayMac;
  const destinationMac = choose.percent(3)
    ? choose.one("ff:ff:ff:ff:ff:ff", "02:00:00:00:00:77")
    : macFor(to, from, gateway);
  const common = { ttl: ttl(choose), tos: choose.percent(10) ? 16 : 0, dontFragment: choose.percent(50) };
  return (transport, extra = {}) => ({
    kind: "frame",
    tap,
    sourceMac: from.mac,
    destinationMac,
    packet: {
      source: from.address,
      destination: to,
      ...common,
      transport,
      fault: null,
      fragments: [],
      ...extra,
    },
  });
}

function localSender(choose: Chooser): Sender {
  const to = choose.percent(85) ? choose.one(...HOSTS) : null;
  const destination = to?.address ?? choose.one(...LOCAL_ADDRESSES, "127.0.0.1");
  const source =
    to === null ? destination : choose.percent(80) ? addressTowards(to) : choose.one(...LOCAL_ADDRESSES);
  const mark = choose.percent(15) ? choose.number(1, 3) : 0;
  const common = { source, destination, ttl: 64, tos: 0, dontFragment: true };
  return (transport, extra = {}) => ({
    kind: "local",
    mark,
    packet: { ...common, transport, fault: null, fragments: [], ...extra },
  });
}

/** The machine's own address on the way to a host. */
function addressTowards({ tap }: Neighbour): string {
  return tap === "enX0" ? "10.1.0.1" : tap === "enX1" ? "10.2.0.1" : "172.17.0.1";
}

function destinationFor(choose: Chooser, from: Neighbour, service: boolean): string {
  return choose.weighted<() => string>([
    [service ? 12 : 18, () => choose.one(...HOSTS.filter((host) => host !== from)).address],
    [service ? 14 : 8, () => choose.one(...LOCAL_ADDRESSES)],
    [1, () => choose.one("10.1.0.255", "172.17.255.255", "255.255.255.255", "224.0.0.1", "239.1.1.1")],
    [1, () => choose.one("127.0.0.1", "10.2.0.0", "198.51.100.22")],
  ])();
}

function macFor(destination: string, from: Neighbour, gateway: string): string {
  if (destination.endsWith(".255")) return "ff:ff:ff:ff:ff:ff";
  if (destination === "224.0.0.1") return "01:00:5e:00:00:01";
  if (destination === "239.1.1.1") return "01:00:5e:01:01:01";
  const there = NEIGHBOURS.find(({ address }) => address === destination);
  const bridged = there?.tap.startsWith("veth") === true && from.tap.startsWith("veth");
  return bridged ? there.mac : gateway;
}

function ttl(choose: Chooser): number {
  return choose.weighted([
    [20, 64],
    [2, 1],
    [2, 2],
    [1, 255],
  ]);
}

const NO_FIELDS = { flags: 0, sequence: 0, acknowledgement: 0 };

function answer(choose: Chooser, to: number, payload: number, fields = NO_FIELDS): Draft {
  return { kind: "answer", to, pick: choose.number(0, 1), fields: { ...fields, payload }, ttl: 64 };
}

function error(choose: Chooser, to: number): Draft {
  const [type, code] = choose.one([3, 3], [3, 1], [11, 0], [3, 13], [3, 4], [12, 0], [5, 1]);
  return {
    kind: "error",
    to,
    pick: choose.number(0, 1),
    type,
    code,
    from: choose.percent(50) ? null : choose.one("203.0.113.77", "10.2.0.3", "172.17.0.4"),
    quoted: choose.one(28, 28, 600, 40, 20, 24),
  };
}

function fault(choose: Chooser): Fault {
  return choose.weighted<Fault>([
    [60, null],
    [2, "checksum"],
    [1, "short"],
  ]);
}

/** What both sides of a TCP connection send, in order: who, flags, payload. */
const TCP_SCRIPT: readonly (readonly ["client" | "server", number, number])[] = [
  ["client", SYN, 0],
  ["server", SYN | ACK, 0],
  ["client", ACK, 0],
  ["client", PSH | ACK, 20],
  ["server", ACK, 0],
  ["server", PSH | ACK, 40],
  ["client", ACK, 0],
  ["client", FIN | ACK, 0],
  ["server", FIN | ACK, 0],
  ["client", ACK, 0],
  ["client", SYN, 0],
];

/** A connection that may break off, lose or repeat segments, be reset, or be complained about. */
function tcpFlow(choose: Chooser): Draft[] {
  const send = ends(choose, false);
  const head = { sourcePort: choose.one(...CLIENT_PORTS), destinationPort: choose.one(...TCP_SERVERS) };
  const options = choose.one("", "020405b4", "020405b40101040201030307");
  const next = { client: 1000, server: 5000 };
  const flow: Draft[] = [];
  let lastSent = -1;
  const length = choose.number(1, TCP_SCRIPT.length);
  for (const [who, flags, payload] of TCP_SCRIPT.slice(0, length)) {
    if (choose.percent(5)) continue;
    const ack = (flags & ACK) !== 0 ? next[who === "client" ? "server" : "client"] : 0;
    const fields = { flags, sequence: next[who], acknowledgement: ack };
    next[who] += payload + ((flags & (SYN | FIN)) !== 0 ? 1 : 0);
    const times = choose.percent(5) ? 2 : 1;
    for (let i = 0; i < times; i++) {
      if (who === "client") {
        const transport: TcpPart = {
          protocol: "tcp",
          ...head,
          ...fields,
          window: 64240,
          options: flags === SYN ? options : "",
          payload,
        };
        flow.push(send(transport, { fault: fault(choose) }));
        lastSent = flow.length - 1;
      } else if (lastSent >= 0) flow.push(answer(choose, lastSent, payload, fields));
    }
    if (lastSent >= 0 && choose.percent(4)) flow.push(error(choose, lastSent));
    if (choose.percent(4)) {
      const reset = {
        flags: choose.one(RST, RST | ACK),
        sequence: next.client,
        acknowledgement: next.server,
      };
      if (choose.percent(50) || lastSent < 0) {
        flow.push(send({ protocol: "tcp", ...head, ...reset, window: 0, options: "", payload: 0 }));
        lastSent = flow.length - 1;
      } else
        flow.push(
          answer(choose, lastSent, 0, { ...reset, sequence: next.server, acknowledgement: next.client }),
        );
    }
  }
  return flow.length === 0 ? tcpFlow(choose) : flow;
}

function udpFlow(choose: Chooser): Draft[] {
  const send = ends(choose, true);
  const transport: Transport = {
    protocol: "udp",
    sourcePort: choose.one(...CLIENT_PORTS),
    destinationPort: choose.one(...UDP_SERVERS),
    payload: choose.one(1, 8, 33, 80),
    unsummed: choose.percent(10),
  };
  const flow: Draft[] = [];
  let lastSent = 0;
  for (let i = choose.number(1, 5); i > 0; i--) {
    const what = flow.length === 0 ? "send" : choose.one("send", "answer", "answer", "error", "service");
    if (what === "answer") flow.push(answer(choose, lastSent, 12));
    else if (what === "error") flow.push(error(choose, lastSent));
    else if (what === "service") flow.push({ kind: "service", port: choose.one(...SERVICES), payload: 5 });
    else {
      lastSent = flow.length;
      flow.push(send(transport, { fault: fault(choose), fragments: pieces(choose, transport.payload) }));
    }
  }
  return flow;
}

/** Sizes of the fragments but the last; mostly none. */
function pieces(choose: Chooser, payload: number): readonly number[] {
  if (payload < 33 || !choose.percent(15)) return [];
  return choose.one([8], [16], [24], [16, 16], [8, 8, 8]);
}

function pingFlow(choose: Chooser): Draft[] {
  const send = ends(choose, false);
  const type = choose.weighted([
    [12, 8],
    [1, 13],
    [1, 17],
    [1, 15],
  ]);
  const id = choose.one(...ECHO_IDS);
  const flow: Draft[] = [];
  let lastSent = 0;
  for (let i = choose.number(1, 4); i > 0; i--) {
    const what = flow.length === 0 ? "send" : choose.one("send", "answer", "answer", "error");
    if (what === "answer") flow.push(answer(choose, lastSent, 0));
    else if (what === "error") flow.push(error(choose, lastSent));
    else {
      lastSent = flow.length;
      const transport: Transport = {
        protocol: "icmp",
        type,
        code: 0,
        id,
        sequence: i,
        payload: choose.one(12, 40),
      };
      flow.push(send(transport, { fault: fault(choose), fragments: pieces(choose, transport.payload) }));
    }
  }
  return flow;
}

/** Packets that begin nothing: segments out of the blue, answers that nobody asked for, errors about nothing. */
function strayFlow(choose: Chooser): Draft[] {
  const send = ends(choose, false);
  if (choose.percent(60)) {
    const flags = choose.one(
      ACK,
      RST,
      SYN | ACK,
      FIN | ACK,
      0,
      SYN | FIN,
      PSH | ACK,
      FIN | PSH | 32,
      RST | ACK,
    );
    const sourcePort = choose.one(...CLIENT_PORTS, ...TCP_SERVERS);
    const destinationPort = choose.one(...TCP_SERVERS, ...CLIENT_PORTS);
    const transport: TcpPart = {
      protocol: "tcp",
      sourcePort,
      destinationPort,
      flags,
      sequence: 7000,
      acknowledgement: 9000,
      window: 1000,
      options: "",
      payload: choose.one(0, 10),
    };
    const first = send(transport);
    return choose.percent(50)
      ? [first]
      : [
          first,
          answer(choose, 0, 0, {
            flags: choose.one(RST, ACK, SYN | ACK),
            sequence: 9000,
            acknowledgement: 7000,
          }),
        ];
  }
  const [type, code] = choose.one([0, 0], [14, 0], [3, 3], [11, 0], [42, 0], [9, 0]);
  return [
    send({
      protocol: "icmp",
      type,
      code,
      id: choose.one(...ECHO_IDS),
      sequence: 1,
      payload: choose.one(0, 28),
    }),
  ];
}

/** A protocol that the machine knows nothing about. GRE, SCTP, DCCP and UDP-Lite have trackers of their own in the kernel, which ours has not. */
function otherFlow(choose: Chooser): Draft[] {
  const send = ends(choose, false);
  const transport: Transport = {
    protocol: "other",
    number: choose.one(89, 112, 253),
    payload: choose.one(0, 16, 60),
  };
  return choose.percent(50) ? [send(transport)] : [send(transport), answer(choose, 0, 16), send(transport)];
}
