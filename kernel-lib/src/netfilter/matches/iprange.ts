import { formatIpv4, type Ipv4, tryParseIpv4 } from "../../base/addresses.js";
import type { GivenOption, MatchExtension, ParseContext, Test } from "../extension.js";
import { optionNamed, refuseRepeats } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { IncompleteRule, type MatchValue, RuleError } from "../rule.js";

interface AddressRange {
  readonly first: Ipv4;
  readonly last: Ipv4;
  readonly negated: boolean;
}

/** `-m iprange`: addresses from–to (xt_iprange.c). */
export interface IprangeMatch extends MatchValue {
  readonly match: "iprange";
  readonly source: AddressRange | null;
  readonly destination: AddressRange | null;
}

function parseRange(option: GivenOption | null, context: ParseContext): AddressRange | null {
  if (option === null) return null;
  const text = option.words[0]!;
  const dash = text.indexOf("-");
  const address = (word: string): Ipv4 => {
    const found = tryParseIpv4(word);
    if (found === null) throw new RuleError(`iprange: Bad value for "--${option.name}" option: "${word}"`);
    return found;
  };
  const first = address(dash < 0 ? text : text.slice(0, dash));
  const last = dash < 0 ? first : address(text.slice(dash + 1));
  if (first > last)
    context.remark(`xt_iprange: range ${rangeText({ first, last })} is reversed and will never match\n`);
  return { first, last, negated: option.negated };
}

function rangeText({ first, last }: Omit<AddressRange, "negated">): string {
  return `${formatIpv4(first)}-${formatIpv4(last)}`;
}

class IprangeTest implements Test {
  constructor(private readonly value: IprangeMatch) {}

  matches(view: PacketView): boolean {
    const { source, destination } = this.value;
    if (source !== null && (view.source >= source.first && view.source <= source.last) === source.negated)
      return false;
    if (destination === null) return true;
    return (
      (view.destination >= destination.first && view.destination <= destination.last) !== destination.negated
    );
  }
}

export const iprangeMatch: MatchExtension<IprangeMatch> = {
  name: "iprange",
  options: [
    { name: "src-range", words: 1, negatable: true },
    { name: "dst-range", words: 1, negatable: true },
  ],
  parse(given, context) {
    refuseRepeats("iprange", given);
    if (given.length === 0)
      throw new IncompleteRule("iprange match: You must specify `--src-range' or `--dst-range'");
    return {
      match: "iprange",
      source: parseRange(optionNamed(given, "src-range"), context),
      destination: parseRange(optionNamed(given, "dst-range"), context),
    };
  },
  save({ source, destination }) {
    const term = (name: string, range: AddressRange | null) =>
      range === null ? "" : `${range.negated ? " !" : ""} --${name} ${rangeText(range)}`;
    return term("src-range", source) + term("dst-range", destination);
  },
  list({ source, destination }) {
    const term = (name: string, range: AddressRange | null) =>
      range === null ? "" : ` ${name} IP range${range.negated ? " !" : ""} ${rangeText(range)}`;
    return term("source", source) + term("destination", destination);
  },
  compile: (value) => new IprangeTest(value),
};
