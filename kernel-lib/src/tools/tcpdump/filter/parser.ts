import { relation } from "./expression.js";
import { FilterError, FilterSyntaxError } from "./filter-error.js";
import { broadcast, multicast } from "./host-conditions.js";
import { identifier } from "./identifier.js";
import type { Layout } from "./layout.js";
import type { Token } from "./lexer.js";
import { both, type Condition, either, not } from "./machine.js";
import { carries } from "./proto-conditions.js";
import { type AddressType, type Direction, PROTOCOLS, type Protocol, type Qualifier } from "./qualifier.js";
import { TokenReader } from "./token-reader.js";

/** What a filter may ask of its surroundings. */
export interface Surroundings {
  /** False for a file, where `inbound` has nothing to look at. */
  readonly live: boolean;
  /** Of the captured interface, for `ip broadcast`; 0 for a file or when unknown. */
  readonly netmask: number;
  /** IPv4 addresses of a host's name; none for an unknown name. */
  readonly resolveHost: (name: string) => readonly number[];
}

/** A condition and the qualifiers that a bare name after it inherits; null for none (a syntax error then). */
interface Parsed {
  readonly condition: Condition;
  readonly qualifier: Qualifier | null;
}

const NAMES = ["ID", "HID", "HID6", "EID", "AID"];
const TYPES: readonly AddressType[] = ["host", "net", "port", "portrange", "proto", "gateway"];

/** Reads the grammar of libpcap's grammar.y. `and` and `or` bind alike, from the left; `not` binds tighter. */
export class FilterParser {
  private readonly reader: TokenReader;

  constructor(
    tokens: readonly Token[],
    private readonly layout: Layout,
    private readonly surroundings: Surroundings,
  ) {
    this.reader = new TokenReader(tokens);
  }

  parse(): Condition {
    const { condition } = this.expression(null);
    this.reader.expect("END");
    return condition;
  }

  private expression(before: Qualifier | null): Parsed {
    let left = this.term(before);
    for (;;) {
      const operator = this.reader.peek().kind;
      if (operator !== "and" && operator !== "or") return left;
      this.reader.take();
      const right = this.startsIdentifier() ? this.id(left.qualifier) : this.term(left.qualifier);
      const join = operator === "and" ? both : either;
      left = { condition: join(left.condition, right.condition), qualifier: right.qualifier };
    }
  }

  /** Whether a bare name (or number) comes next, behind any number of `not` and `(`. */
  private startsIdentifier(): boolean {
    let ahead = 0;
    while (["!", "("].includes(this.reader.peek(ahead).kind)) {
      if (this.reader.peek(ahead).kind === "(" && this.reader.peek(ahead + 1).kind === "!") return false;
      ahead++;
    }
    const { kind } = this.reader.peek(ahead);
    return NAMES.includes(kind) || (kind === "NUM" && this.numberStands(ahead));
  }

  /** Whether the number `ahead` stands for itself: not the beginning of a comparison. */
  private numberStands(ahead: number): boolean {
    let after = ahead + 1;
    while (this.reader.peek(after).kind === ")") after++;
    return ["and", "or", "END"].includes(this.reader.peek(after).kind);
  }

  private id(qualifier: Qualifier | null): Parsed {
    const { kind } = this.reader.peek();
    if (kind === "!") {
      this.reader.take();
      const inner = this.id(qualifier);
      return { condition: not(inner.condition), qualifier: inner.qualifier };
    }
    if (kind === "(") {
      this.reader.take();
      let left = this.id(qualifier);
      while (["and", "or"].includes(this.reader.peek().kind)) {
        const join = this.reader.take().kind === "and" ? both : either;
        const right = this.id(left.qualifier);
        left = { condition: join(left.condition, right.condition), qualifier: right.qualifier };
      }
      this.reader.expect(")");
      return left;
    }
    if (!NAMES.includes(kind) && kind !== "NUM") throw this.reader.syntaxError(this.reader.take());
    return {
      condition: identifier(this.reader, this.layout, qualifier, this.surroundings.resolveHost),
      qualifier,
    };
  }

  private term(before: Qualifier | null): Parsed {
    const { kind } = this.reader.peek();
    if (kind === "!") {
      this.reader.take();
      const inner = this.term(before);
      return { condition: not(inner.condition), qualifier: inner.qualifier };
    }
    const compared = this.tryRelation();
    if (compared !== null) return { condition: compared, qualifier: null };
    if (kind !== "(") return this.primitive();
    this.reader.take();
    const inner = this.expression(before);
    this.reader.expect(")");
    return { condition: inner.condition, qualifier: before };
  }

  /** `arith relop arith`, or null (and nothing read) when that is not what stands here. */
  private tryRelation(): Condition | null {
    const { position } = this.reader;
    try {
      return relation(this.reader, this.layout);
    } catch (error) {
      if (!(error instanceof FilterSyntaxError)) throw error;
      this.reader.position = position;
      return null;
    }
  }

  private primitive(): Parsed {
    const other = this.other();
    if (other !== null) return { condition: other, qualifier: null };
    const protocol = this.protocol();
    const { kind } = this.reader.peek();
    if (kind === "broadcast" || kind === "multicast") {
      this.reader.take();
      const { layout } = this;
      const condition =
        kind === "broadcast"
          ? broadcast(layout, protocol, this.surroundings.netmask)
          : multicast(layout, protocol);
      return { condition, qualifier: null };
    }
    const direction = this.direction();
    const type = this.type(direction);
    if (direction !== null || type !== null) return this.id({ protocol, direction, type });
    if (protocol === null || !["and", "or", ")", "END"].includes(this.reader.peek().kind)) {
      throw this.reader.syntaxError(this.reader.take());
    }
    return { condition: carries(this.layout, protocol), qualifier: null };
  }

  private protocol(): Protocol | null {
    const { kind } = this.reader.peek();
    const protocol = PROTOCOLS.find((name) => name === kind) ?? null;
    if (protocol !== null) this.reader.take();
    return protocol;
  }

  private direction(): Direction | null {
    const first = this.reader.peek().kind;
    if (first !== "src" && first !== "dst") return null;
    this.reader.take();
    const join = this.reader.peek().kind;
    if (join !== "or" && join !== "and") return first;
    this.reader.take();
    this.reader.expect(first === "src" ? "dst" : "src");
    return join;
  }

  private type(direction: Direction | null): AddressType | null {
    const { kind } = this.reader.peek();
    const type = TYPES.find((name) => name === kind) ?? null;
    if (type === null) return null;
    if (direction !== null && (type === "proto" || type === "gateway")) throw new FilterSyntaxError();
    this.reader.take();
    return type;
  }

  /** Primitives that stand alone. */
  private other(): Condition | null {
    const { kind } = this.reader.peek();
    switch (kind) {
      case "less":
      case "greater": {
        this.reader.take();
        const bound = this.reader.expect("NUM").value;
        return kind === "less" ? (m) => m.length <= bound : (m) => m.length >= bound;
      }
      case "byte":
        return this.byteTest();
      case "inbound":
      case "outbound":
        this.reader.take();
        return this.outgoing(kind === "outbound");
      case "ifindex":
        this.reader.take();
        return this.interfaceIs(this.reader.expect("NUM").value);
      default:
        return null;
    }
  }

  private byteTest(): Condition {
    this.reader.take();
    const at = this.reader.expect("NUM").value;
    const operator = this.reader.take();
    const value = this.reader.expect("NUM").value;
    if (operator.kind === "=") return (m) => m.u8(at) === value;
    if (operator.kind === "<") return (m) => m.u8(at) < value;
    if (operator.kind === ">") return (m) => m.u8(at) > value;
    if (operator.kind === "&" || operator.kind === "|") {
      throw new FilterError(`filter primitive 'byte' with '${operator.kind}' is not supported here`);
    }
    throw this.reader.syntaxError(operator);
  }

  private outgoing(wanted: boolean): Condition {
    const { outgoing, name } = this.layout;
    if (outgoing !== null) return wanted ? outgoing : not(outgoing);
    if (!this.surroundings.live)
      throw new FilterError(`inbound/outbound not supported on ${name} when reading savefiles`);
    return (m) => m.outgoing === wanted;
  }

  private interfaceIs(index: number): Condition {
    const { interfaceIndex, name } = this.layout;
    if (interfaceIndex !== null) return (m) => m.u32(interfaceIndex) === index;
    if (!this.surroundings.live)
      throw new FilterError(`ifindex not supported on ${name} when reading savefiles`);
    return (m) => m.interfaceIndex === index;
  }
}
