/** The options of Node's `util.inspect` that are honoured here; the defaults are Node's. No colours, no `getters`. */
export interface InspectOptions {
  /** How deep objects are opened; null for all of them. */
  readonly depth?: number | null | undefined;
  /** Length of a line, in characters, above which an object takes several lines. */
  readonly breakLength?: number | undefined;
  /** Elements of an array, a set or a map that are shown. */
  readonly maxArrayLength?: number | null | undefined;
  /** Characters of a string that are shown. */
  readonly maxStringLength?: number | null | undefined;
  /** Shows own properties that are not enumerable, too. */
  readonly showHidden?: boolean | undefined;
  readonly sorted?: boolean | undefined;
  /** False passes over the way of being shown that an object has of its own. */
  readonly customInspect?: boolean | undefined;
  /** So many inner levels stand on one line when they fit; false puts each property on a line of its own. */
  readonly compact?: number | boolean | undefined;
}

/** The text of an error's stack: a program in the lab sees its own frames only. */
export type StackOf = (error: Error) => string;

/** The state of one call of `inspect`. */
export interface Context {
  readonly depth: number;
  readonly breakLength: number;
  readonly maxArrayLength: number;
  readonly maxStringLength: number;
  readonly showHidden: boolean;
  readonly sorted: boolean;
  readonly compact: number;
  readonly given: InspectOptions;
  /** The objects that are open now, the outermost first. */
  readonly seen: object[];
  /** Objects that hold themselves, with the number by which they are referred to. */
  readonly circular: Map<object, number>;
  /** The level of the innermost object that was opened last. */
  currentDepth: number;
  /** Columns by which the value stands to the right. */
  indentation: number;
  readonly stackOf: StackOf;
  /** Shows a value at a level within this context. */
  readonly show: (value: unknown, level: number, typed?: boolean) => string;
}

export function makeContext(given: InspectOptions, stackOf: StackOf, show: Context["show"]): Context {
  const limit = (value: number | null | undefined, fallback: number) =>
    value === null ? Number.POSITIVE_INFINITY : (value ?? fallback);
  const { compact = 3 } = given;
  return {
    depth: limit(given.depth, 2),
    breakLength: given.breakLength ?? 80,
    maxArrayLength: limit(given.maxArrayLength, 100),
    maxStringLength: limit(given.maxStringLength, 10_000),
    showHidden: given.showHidden === true,
    sorted: given.sorted === true,
    compact: typeof compact === "number" ? compact : compact ? 3 : 0,
    given,
    seen: [],
    circular: new Map(),
    currentDepth: 0,
    indentation: 0,
    stackOf,
    show,
  };
}

/** What stands around an object's properties, and what they are. */
export interface Shown {
  /** Before the braces: a function's or an error's own text. */
  readonly base: string;
  readonly braces: readonly [string, string];
  readonly keys: readonly PropertyKey[];
  /** An array's elements have no names, and many short ones stand in columns. */
  readonly isList: boolean;
  /** The lines of what is inside beside the properties: elements, entries. */
  readonly inner: (level: number) => string[];
}

export const moreItems = (count: number): string => `... ${count} more item${count > 1 ? "s" : ""}`;
