import { FilterError, FilterSyntaxError } from "./filter-error.js";
import type { Layout } from "./layout.js";
import { type Arithmetic, both, type Condition, not } from "./machine.js";
import { ipv4HeaderLength } from "./port-conditions.js";
import { carries, isFirstFragment } from "./proto-conditions.js";
import { PROTOCOLS, type Protocol } from "./qualifier.js";
import type { TokenReader } from "./token-reader.js";

/** A number with the conditions under which its loads make sense. */
interface Operand {
  readonly value: Arithmetic;
  /** Null when there is nothing to check. */
  readonly guard: Condition | null;
  /** Set when the operand is a literal. */
  readonly literal: number | null;
}

/** Binding strength in grammar.y. `^` and `%` have none: there, yacc always shifts. */
const PRECEDENCE: Readonly<Record<string, number>> = {
  "|": 1,
  "&": 2,
  "<<": 3,
  ">>": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
};
const UNRANKED = ["^", "%"];
const RELATIONS = [">", ">=", "=", "<=", "<", "!="];
const UNARY_MINUS = 6;

/** Reads `arith relop arith`. Throws {@link FilterSyntaxError} when the tokens are something else. */
export function relation(reader: TokenReader, layout: Layout): Condition {
  const left = arithmetic(reader, layout, 0);
  const operator = reader.take();
  if (!RELATIONS.includes(operator.kind)) throw reader.syntaxError(operator);
  const right = arithmetic(reader, layout, 0);
  const test = comparison(operator.kind, left.value, right.value);
  const guard = guarded(left.guard, right.guard);
  return guard === null ? test : both(guard, test);
}

function comparison(operator: string, a: Arithmetic, b: Arithmetic): Condition {
  switch (operator) {
    case ">":
      return (m) => a(m) > b(m);
    case ">=":
      return (m) => a(m) >= b(m);
    case "=":
      return (m) => a(m) === b(m);
    case "<=":
      return not((m) => a(m) > b(m));
    case "<":
      return not((m) => a(m) >= b(m));
    default:
      return (m) => a(m) !== b(m);
  }
}

function guarded(a: Condition | null, b: Condition | null): Condition | null {
  return a === null ? b : b === null ? a : both(a, b);
}

function arithmetic(reader: TokenReader, layout: Layout, minimum: number): Operand {
  let left = primary(reader, layout);
  for (;;) {
    const operator = reader.peek().kind;
    const strength = PRECEDENCE[operator];
    const unranked = UNRANKED.includes(operator);
    if (!unranked && (strength === undefined || strength < minimum)) return left;
    reader.take();
    const right = arithmetic(reader, layout, unranked || strength === undefined ? 0 : strength + 1);
    left = combine(operator, left, right);
  }
}

function primary(reader: TokenReader, layout: Layout): Operand {
  const token = reader.take();
  if (token.kind === "NUM") return { value: () => token.value, guard: null, literal: token.value };
  if (token.kind === "len") return { value: (m) => m.length, guard: null, literal: null };
  if (token.kind === "-") {
    const { value, guard } = arithmetic(reader, layout, UNARY_MINUS);
    return { value: (m) => -value(m) >>> 0, guard, literal: null };
  }
  if (token.kind === "(") {
    const inner = arithmetic(reader, layout, 0);
    reader.expect(")");
    return inner;
  }
  const protocol = PROTOCOLS.find((name) => name === token.kind);
  if (protocol === undefined || reader.peek().kind !== "[") throw reader.syntaxError(token);
  return load(reader, layout, protocol);
}

function load(reader: TokenReader, layout: Layout, protocol: Protocol): Operand {
  reader.expect("[");
  const index = arithmetic(reader, layout, 0);
  let size = 1;
  if (reader.peek().kind === ":") {
    reader.take();
    size = reader.expect("NUM").value;
  }
  reader.expect("]");
  if (size !== 1 && size !== 2 && size !== 4) throw new FilterError("data size must be 1, 2, or 4");
  const [base, guard] = place(layout, protocol, index.guard);
  const { value: offset } = index;
  const at: Arithmetic = (m) => (base(m) + offset(m)) >>> 0;
  const value: Arithmetic =
    size === 1 ? (m) => m.u8(at(m)) : size === 2 ? (m) => m.u16(at(m)) : (m) => m.u32(at(m));
  return { value, guard, literal: null };
}

/** Where `proto[0]` is, and what must hold for it (gen_load). */
function place(layout: Layout, protocol: Protocol, index: Condition | null): [Arithmetic, Condition | null] {
  const { payload } = layout;
  switch (protocol) {
    case "link":
      return [() => 0, index];
    case "radio":
      throw new FilterError("radio information not present in capture");
    case "ip":
    case "arp":
    case "rarp":
    case "ip6":
      return [() => payload, guarded(index, carries(layout, protocol))];
    case "icmp6":
      return [
        () => payload + 40,
        both(guarded(index, carries(layout, "ip6")) ?? (() => true), (m) => m.u8(payload + 6) === 58),
      ];
    case "ah":
    case "esp":
      throw new FilterError("unsupported index operation");
    default: {
      const transport =
        guarded(index, both(carries(layout, protocol), isFirstFragment(layout))) ?? (() => true);
      return [(m) => payload + ipv4HeaderLength(m, payload), both(carries(layout, "ip"), transport)];
    }
  }
}

function combine(operator: string, left: Operand, right: Operand): Operand {
  const { value: a } = left;
  const { value: b } = right;
  const guard = guarded(left.guard, right.guard);
  const result = (value: Arithmetic): Operand => ({ value, guard, literal: null });
  if (right.literal === 0 && operator === "/") throw new FilterError("division by zero");
  if (right.literal === 0 && operator === "%") throw new FilterError("modulus by zero");
  if ((operator === "<<" || operator === ">>") && (right.literal ?? 0) > 31)
    throw new FilterError("shift by more than 31 bits");
  switch (operator) {
    case "+":
      return result((m) => (a(m) + b(m)) >>> 0);
    case "-":
      return result((m) => (a(m) - b(m)) >>> 0);
    case "*":
      return result((m) => Math.imul(a(m), b(m)) >>> 0);
    case "/":
    case "%":
      return result((m) => {
        const by = b(m);
        if (by === 0) m.failed = true;
        return by === 0 ? 0 : operator === "/" ? Math.floor(a(m) / by) : a(m) % by;
      });
    case "&":
      return result((m) => (a(m) & b(m)) >>> 0);
    case "|":
      return result((m) => (a(m) | b(m)) >>> 0);
    case "^":
      return result((m) => (a(m) ^ b(m)) >>> 0);
    case "<<":
      return result((m) => (b(m) > 31 ? 0 : (a(m) << b(m)) >>> 0));
    case ">>":
      return result((m) => (b(m) > 31 ? 0 : a(m) >>> b(m)));
    default:
      throw new FilterSyntaxError();
  }
}
