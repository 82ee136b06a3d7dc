import fc from "fast-check";

/** A rule as it could stand in a file for iptables-restore, for the chain T of a table. */
export interface RuleLine {
  readonly table: string;
  readonly text: string;
}

type Text = fc.Arbitrary<string>;

const number = (min: number, max: number) => fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }));
const hexOrDecimal = number(0, 0xffffffff).chain((value) =>
  fc.constantFrom(String(value), `0x${value.toString(16)}`, `0X${value.toString(16).toUpperCase()}`),
);
const byte = number(0, 255);
const host = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join("."));
const mask = fc.oneof(
  number(0, 32).map((prefix) => `/${prefix}`),
  fc.constantFrom("", "/255.255.0.0", "/255.0.255.0", "/0.0.0.255", "/0"),
);
const network = fc.tuple(host, mask).map(([address, rest]) => address + rest);
const not = (option: Text): Text =>
  fc.tuple(fc.boolean(), option).map(([negated, text]) => (negated ? `! ${text}` : text));
const maybe = (option: Text): Text => fc.option(option, { nil: "" });
const joined = (...parts: Text[]): Text =>
  fc.tuple(...parts).map((texts) => texts.filter((text) => text !== "").join(" "));
/** Some of the options in any order, at least one. */
const someOf = (...options: Text[]): Text =>
  fc
    .shuffledSubarray([...options.keys()], { minLength: 1 })
    .chain((keys) => joined(...keys.map((key) => options[key]!)));

const port = number(0, 65535).map(String);
/** A port that has a name for TCP and for UDP. */
const namedPort = fc.oneof(port, fc.constantFrom("domain", "sunrpc"));
const sorted = (max: number, separator: string) =>
  fc.tuple(number(0, max), number(0, max)).map(([a, b]) => `${Math.min(a, b)}${separator}${Math.max(a, b)}`);
const portsOf = (one: Text): Text =>
  fc.oneof(
    one,
    sorted(65535, ":"),
    number(0, 65535).map((first) => `${first}:`),
    number(0, 65535).map((last) => `:${last}`),
  );
const ports = portsOf(port);
const namedPorts = portsOf(namedPort);
const addressRange = fc.tuple(host, host).map(([a, b]) => `${a}-${b}`);
const device = fc.constantFrom("eth0", "docker0", "veth+", "br-0a1b2c3d4e5f", "+", "a.b", "fifteen-letters");
/** Any text in double quotes, as iptables-save writes it. */
const quotedText = (maxLength: number): Text =>
  fc
    .string({
      minLength: 1,
      maxLength,
      unit: fc.constantFrom(..."abzAZ09 -_'\"\\:.,;!#$%&*()=+[]{}|<>?/~@^`"),
    })
    .map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`);
const list = (words: readonly string[]): Text =>
  fc.shuffledSubarray([...words], { minLength: 1, maxLength: 4 }).map((some) => some.join(","));

const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ALL", "NONE"];
/** `-p` with the protocol's own match. */
const protocol: Text = fc.oneof(
  fc.constant(""),
  fc.constantFrom(
    "-p tcp",
    "-p udp",
    "-p icmp",
    "-p sctp",
    "-p 47",
    "-p esp",
    "-p 253",
    "! -p tcp",
    "-p udplite",
  ),
  joined(
    fc.constantFrom("-p tcp", "-p 6 -m tcp", "-p TCP -m tcp"),
    someOf(
      not(namedPorts.map((text) => `--sport ${text}`)),
      not(namedPorts.map((text) => `--dport ${text}`)),
      not(number(1, 255).map((option) => `--tcp-option ${option}`)),
      fc.oneof(
        not(fc.constant("--syn")),
        not(fc.tuple(list(FLAGS), list(FLAGS)).map(([of, set]) => `--tcp-flags ${of} ${set}`)),
      ),
    ),
  ),
  joined(
    fc.constantFrom("-p udp", "-p udp -m udp"),
    someOf(
      not(namedPorts.map((text) => `--source-port ${text}`)),
      not(namedPorts.map((text) => `--destination-port ${text}`)),
    ),
  ),
  joined(
    fc.constant("-p sctp"),
    someOf(not(ports.map((text) => `--sport ${text}`)), not(ports.map((text) => `--dport ${text}`))),
  ),
  joined(
    fc.constant("-p icmp -m icmp"),
    not(
      fc
        .oneof(
          fc.constantFrom(
            "any",
            "ping",
            "echo-reply",
            "host-unreachable",
            "fragmentation-needed",
            "ttl-exceeded",
          ),
          number(0, 255).map(String),
          fc.tuple(number(0, 254), byte).map(([type, code]) => `${type}/${code}`),
        )
        .map((type) => `--icmp-type ${type}`),
    ),
  ),
  joined(
    fc.constantFrom("-p tcp -m multiport", "-p udp -m multiport", "-p sctp -m multiport"),
    not(
      fc
        .tuple(
          fc.constantFrom("sports", "dports", "ports"),
          fc.array(
            fc.oneof(
              port,
              number(1, 65000).map((low) => `${low}:${low + 1}`),
            ),
            {
              minLength: 1,
              maxLength: 7,
            },
          ),
        )
        .map(([option, some]) => `--${option} ${some.join(",")}`),
    ),
  ),
);

const STATES = ["INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED"];
const TYPES =
  "UNSPEC UNICAST LOCAL BROADCAST ANYCAST MULTICAST BLACKHOLE UNREACHABLE PROHIBIT THROW NAT XRESOLVE".split(
    " ",
  );
const conntrack = someOf(
  not(list([...STATES, "SNAT", "DNAT"]).map((states) => `--ctstate ${states}`)),
  not(fc.constantFrom("tcp", "17", "icmp", "250").map((name) => `--ctproto ${name}`)),
  ...["ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst"].map((option) =>
    not(network.map((text) => `--${option} ${text}`)),
  ),
  ...["ctorigsrcport", "ctorigdstport", "ctreplsrcport", "ctrepldstport"].map((option) =>
    not(fc.oneof(namedPort, sorted(65535, ":")).map((text) => `--${option} ${text}`)),
  ),
  not(
    fc
      .oneof(fc.constant("NONE"), list(["EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"]))
      .map((status) => `--ctstatus ${status}`),
  ),
  not(fc.oneof(number(0, 0xffffffff).map(String), sorted(9999, ":")).map((text) => `--ctexpire ${text}`)),
  fc.constantFrom("--ctdir ORIGINAL", "--ctdir REPLY"),
);

/** Every match but the protocols' own, with the reason for what is left out: xt_ipvs is not in every kernel. */
export const matchText: Text = fc.oneof(
  conntrack.map((text) => `-m conntrack ${text}`),
  not(list(STATES).map((states) => `--state ${states}`)).map((text) => `-m state ${text}`),
  joined(
    fc.constant("-m addrtype"),
    someOf(
      not(list(TYPES).map((types) => `--src-type ${types}`)),
      not(list(TYPES).map((types) => `--dst-type ${types}`)),
    ),
    fc.constantFrom("", "--limit-iface-in", "--limit-iface-out"),
  ),
  joined(
    fc.constantFrom("-m mark", "-m connmark"),
    not(
      fc
        .tuple(hexOrDecimal, maybe(hexOrDecimal))
        .map(([value, bits]) => `--mark ${value}${bits === "" ? "" : `/${bits}`}`),
    ),
  ),
  quotedText(60).map((text) => `-m comment --comment ${text}`),
  joined(
    fc.constant("-m physdev"),
    someOf(
      not(device.map((name) => `--physdev-in ${name}`)),
      not(device.map((name) => `--physdev-out ${name}`)),
      not(fc.constant("--physdev-is-in")),
      not(fc.constant("--physdev-is-out")),
      not(fc.constant("--physdev-is-bridged")),
    ),
  ),
  fc
    .tuple(
      number(1, 10_000),
      fc.constantFrom("s", "sec", "second", "m", "minute", "hour", "day", ""),
      number(1, 40),
    )
    .map(
      ([rate, unit, burst]) =>
        `-m limit --limit ${rate}${unit === "" ? "" : `/${unit}`} --limit-burst ${unit === "day" || unit === "hour" ? 1 : burst}`,
    ),
  joined(
    fc.constant("-m iprange"),
    someOf(
      not(fc.oneof(host, addressRange).map((text) => `--src-range ${text}`)),
      not(fc.oneof(host, addressRange).map((text) => `--dst-range ${text}`)),
    ),
  ),
  not(
    fc
      .array(byte, { minLength: 6, maxLength: 6 })
      .map((bytes) => `--mac-source ${bytes.map((one) => one.toString(16).padStart(2, "0")).join(":")}`),
  ).map((text) => `-m mac ${text}`),
  not(fc.constantFrom("unicast", "broadcast", "multicast", "host").map((type) => `--pkt-type ${type}`)).map(
    (text) => `-m pkttype ${text}`,
  ),
  not(fc.oneof(number(0, 65535).map(String), sorted(65535, ":")).map((text) => `--length ${text}`)).map(
    (text) => `-m length ${text}`,
  ),
  fc
    .oneof(
      not(byte.map((ttl) => `--ttl-eq ${ttl}`)),
      byte.map((ttl) => `--ttl-lt ${ttl}`),
      byte.map((ttl) => `--ttl-gt ${ttl}`),
    )
    .map((text) => `-m ttl ${text}`),
  fc
    .oneof(
      not(fc.integer({ min: 0, max: 1000 }).map((share) => `--probability ${share / 1000}`)).map(
        (text) => `--mode random ${text}`,
      ),
      fc
        .tuple(fc.boolean(), number(1, 0xffffffff))
        .chain(([negated, every]) =>
          fc
            .integer({ min: 0, max: every - 1 })
            .map((packet) => `--mode nth ${negated ? "! " : ""}--every ${every} --packet ${packet}`),
        ),
    )
    .map((text) => `-m statistic ${text}`),
);

const natPorts = fc.oneof(number(1, 65535).map(String), sorted(65535, "-"));
const natFlags = (...flags: string[]): Text => fc.shuffledSubarray(flags).map((some) => some.join(" "));
const natTarget: Text = fc.oneof(
  joined(
    fc.oneof(host, addressRange).map((text) => `-j DNAT --to-destination ${text}`),
    natFlags("--random", "--persistent"),
  ),
  joined(
    fc.oneof(host, addressRange).map((text) => `-j SNAT --to-source ${text}`),
    natFlags("--random", "--random-fully", "--persistent"),
  ),
  natFlags("--random", "--random-fully").map((flags) => `-j MASQUERADE ${flags}`),
  natFlags("--random").map((flags) => `-j REDIRECT ${flags}`),
);
/** Translations with ports: they need a protocol that has some. */
const portTarget: Text = fc.oneof(
  fc
    .tuple(host, sorted(65535, "-"), number(1, 65535))
    .map(([address, range, base]) => `-j DNAT --to-destination ${address}:${range}/${base}`)
    .filter((text) => !/:(\d+)-\1\//.test(text)),
  fc
    .tuple(fc.oneof(host, addressRange, fc.constant("")), natPorts)
    .map(([to, range]) => `-j DNAT --to-destination ${to}:${range}`),
  fc.tuple(fc.oneof(host, addressRange), natPorts).map(([to, range]) => `-j SNAT --to-source ${to}:${range}`),
  natPorts.map((range) => `-j MASQUERADE --to-ports ${range} --random`),
  natPorts.map((range) => `-j REDIRECT --to-ports ${range}`),
);
const logTarget: Text = joined(
  fc.constant("-j LOG"),
  maybe(quotedText(29).map((text) => `--log-prefix ${text}`)),
  maybe(fc.constantFrom("0", "7", "debug", "warning", "crit").map((level) => `--log-level ${level}`)),
  natFlags("--log-tcp-sequence", "--log-tcp-options", "--log-ip-options", "--log-uid", "--log-macdecode"),
);
const mark = fc.tuple(hexOrDecimal, hexOrDecimal).map(([value, bits]) => `${value}/${bits}`);
const markTarget: Text = fc.oneof(
  fc
    .tuple(fc.constantFrom("set-mark", "set-xmark"), fc.oneof(mark, hexOrDecimal))
    .map(([how, to]) => `--${how} ${to}`),
  fc
    .tuple(fc.constantFrom("and-mark", "or-mark", "xor-mark"), hexOrDecimal)
    .map(([how, bits]) => `--${how} ${bits}`),
);
const connmarkTarget: Text = fc.oneof(
  markTarget,
  joined(
    fc.constantFrom("--save-mark", "--restore-mark"),
    fc.oneof(
      fc.constant(""),
      hexOrDecimal.map((bits) => `--mask ${bits}`),
      fc.tuple(hexOrDecimal, hexOrDecimal).map(([nf, ct]) => `--nfmask ${nf} --ctmask ${ct}`),
    ),
  ),
);
const ttlTarget: Text = fc.oneof(
  byte.map((ttl) => `--ttl-set ${ttl}`),
  number(1, 255).map((by) => `--ttl-inc ${by}`),
  number(1, 255).map((by) => `--ttl-dec ${by}`),
);
const rejectTarget: Text = fc
  .constantFrom(
    "",
    ..."net-unreach host-unreach port-unreach proto-unreach net-prohib host-prohib admin-prohib icmp-net-unreachable"
      .split(" ")
      .map((answer) => ` --reject-with ${answer}`),
  )
  .map((answer) => `-j REJECT${answer}`);

const common: Text = fc.oneof(
  fc.constantFrom("", "-j ACCEPT", "-j RETURN", "-j U", "-g U"),
  logTarget,
  connmarkTarget.map((text) => `-j CONNMARK ${text}`),
  markTarget.map((text) => `-j MARK ${text}`),
);
const drop: Text = fc.constant("-j DROP");
const TARGETS: Readonly<Record<string, Text>> = {
  raw: fc.oneof(common, drop, fc.constantFrom("-j CT --notrack", "-j NOTRACK", "-j TRACE")),
  mangle: fc.oneof(
    common,
    drop,
    ttlTarget.map((text) => `-j TTL ${text}`),
  ),
  nat: fc.oneof(common, natTarget),
  filter: fc.oneof(common, drop, rejectTarget),
  security: fc.oneof(common, drop),
};

const head: Text = joined(
  maybe(not(network.map((text) => `-s ${text}`))),
  maybe(not(network.map((text) => `-d ${text}`))),
  maybe(not(device.map((name) => `-i ${name}`))),
  maybe(not(device.map((name) => `-o ${name}`))),
);
const fragment = fc.constantFrom("", "", "", "-f", "! -f");
const matches: Text = fc.array(matchText, { maxLength: 3 }).map((some) => some.join(" "));

/** Rules of all kinds for all tables. */
export const ruleLine: fc.Arbitrary<RuleLine> = fc
  .oneof({ arbitrary: fc.constantFrom("raw", "mangle", "nat", "filter", "security"), weight: 1 })
  .chain((table) =>
    fc
      .oneof(
        { arbitrary: joined(head, protocol, fragment, matches, TARGETS[table]!), weight: 8 },
        {
          arbitrary:
            table === "nat"
              ? joined(head, fc.constantFrom("-p tcp", "-p udp", "-p 132"), matches, portTarget)
              : table === "filter"
                ? joined(
                    head,
                    fc.constant("-p tcp"),
                    matches,
                    fc.constant("-j REJECT --reject-with tcp-reset"),
                  )
                : joined(head, matches, TARGETS[table]!),
          weight: 2,
        },
      )
      .map((text) => ({ table, text })),
  );
