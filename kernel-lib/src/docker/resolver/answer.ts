import { type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import type { Random } from "../../sim/random.js";
import {
  DNS_CLASS_IN,
  DNS_TYPES,
  type DnsData,
  type DnsMessage,
  type DnsQuestion,
  dnsReply,
} from "../../wire/dns.js";
import type { Container } from "../container/container.js";
import type { Engine } from "../engine.js";
import { resolveAddress, resolveName } from "./names.js";
import { dnsSettings } from "./servers.js";

/** Seconds that an answer may be kept (libnetwork's respTTL). */
const ANSWER_TTL = 600;
const REVERSE = ".in-addr.arpa";

/** What the embedded DNS does with a query: its own answer, nothing at all, or a question to the servers outside. */
export type Outcome =
  | { readonly kind: "reply"; readonly message: DnsMessage }
  | { readonly kind: "silence" }
  | { readonly kind: "forward" };

const FORWARD: Outcome = { kind: "forward" };

/** Looks a query up among the names of the container's networks. AAAA and MX of a known name have an empty answer; other types go outside. */
export function answer(
  engine: Engine,
  container: Container | null,
  query: DnsMessage,
  random: Random,
): Outcome {
  if (container === null) return FORWARD;
  const question = query.questions[0]!;
  switch (question.type) {
    case DNS_TYPES.A:
    case DNS_TYPES.AAAA:
    case DNS_TYPES.MX: {
      const found = resolveName(engine, container, question.name);
      if (found.length === 0) return isRootName(engine, container, question) ? reply(query, []) : FORWARD;
      const addresses = question.type === DNS_TYPES.A ? shuffled(found, random) : [];
      return reply(
        query,
        addresses.map((address) => ({ kind: "address", address })),
      );
    }
    case DNS_TYPES.PTR: {
      if (!question.name.endsWith(REVERSE)) return { kind: "silence" };
      const digits = question.name.slice(0, -REVERSE.length).split(".").reverse().join(".");
      const address = tryParseIpv4(digits);
      const name = address === null ? null : resolveAddress(engine, container, address);
      return name === null ? FORWARD : reply(query, [{ kind: "name", name }]);
    }
    default:
      return FORWARD;
  }
}

/** A name without a dot, where the user has set ndots: it gets an empty answer, so that the client tries its search list. */
function isRootName({ settings }: Engine, { request }: Container, { name, type }: DnsQuestion): boolean {
  const { dnsOptions } = dnsSettings(request, settings);
  const ndots = dnsOptions.find((option) => option.startsWith("ndots:"));
  return type !== DNS_TYPES.MX && Number(ndots?.slice("ndots:".length) ?? 0) > 0 && !name.includes(".");
}

function reply(query: DnsMessage, data: readonly DnsData[]): Outcome {
  const { name, type } = query.questions[0]!;
  const answers = data.map((each) => ({ name, type, class: DNS_CLASS_IN, ttl: ANSWER_TTL, data: each }));
  return { kind: "reply", message: { ...dnsReply(query), recursionAvailable: true, answers } };
}

/** Several addresses come in a new order each time (Fisher and Yates, as libnetwork's shuffleAddr). */
function shuffled(addresses: readonly Ipv4[], random: Random): readonly Ipv4[] {
  const order = [...addresses];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.between(0, i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
