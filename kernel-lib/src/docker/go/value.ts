/**
 * Values as Go programs hold them, as far as templates and JSON can see them: Docker's client prints with Go's text/template and
 * encoding/json, so what is nil, a map or a struct decides the text. Strings, booleans and whole numbers are themselves, slices are arrays.
 */
export type GoValue =
  | null
  | boolean
  | string
  | number
  | readonly GoValue[]
  | GoMap
  | GoStruct
  | GoObject
  | GoTime
  | GoNil;

/** A `map[string]T`: printed and encoded in key order. */
export class GoMap {
  constructor(
    readonly entries: ReadonlyMap<string, GoValue>,
    /** The Go type of the values, for messages. */
    readonly valueType = "interface {}",
  ) {}

  static of(record: Readonly<Record<string, GoValue>>, valueType = "string"): GoMap {
    return new GoMap(new Map(Object.entries(record)), valueType);
  }

  sorted(): [string, GoValue][] {
    return [...this.entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }
}

/** One field of a struct: its Go name, its JSON name where that differs, and `omitempty`. */
export interface GoField {
  readonly name: string;
  readonly value: GoValue;
  readonly json?: string;
  readonly omitEmpty?: boolean;
  /** An embedded struct: its fields are reached, and encoded, as if they were the outer one's. */
  readonly embedded?: boolean;
}

/** A struct, or a pointer to one. */
export class GoStruct {
  constructor(
    /** As `%T` says it: `types.ContainerJSON`. */
    readonly type: string,
    readonly fields: readonly GoField[],
    readonly pointer = false,
  ) {}

  /** A struct whose Go and JSON names agree. */
  static of(type: string, record: Readonly<Record<string, GoValue>>, pointer = false): GoStruct {
    return new GoStruct(
      type,
      Object.entries(record).map(([name, value]) => ({ name, value })),
      pointer,
    );
  }

  /** The value of a field, embedded ones included; undefined where there is none. */
  field(name: string): GoValue | undefined {
    for (const field of this.fields) if (field.name === name && !field.embedded) return field.value;
    for (const field of this.fields) {
      if (field.embedded && field.name === name) return field.value;
      if (field.embedded && field.value instanceof GoStruct) {
        const inner = field.value.field(name);
        if (inner !== undefined) return inner;
      }
    }
    return undefined;
  }
}

/** A value that templates see through its methods only: the rows of `docker ps --format`. */
export class GoObject {
  constructor(
    readonly type: string,
    readonly methods: ReadonlyMap<string, (argument?: string) => GoValue>,
    /** Names of the methods that need an argument, which `json` leaves out. */
    readonly withArgument: ReadonlySet<string> = new Set(),
  ) {}
}

/** A `time.Time` in UTC: nanoseconds since the Unix epoch. */
export class GoTime {
  constructor(
    readonly seconds: number,
    readonly nanoseconds: number,
  ) {}

  static readonly zero = new GoTime(-62135596800, 0);
}

/** A nil slice, map or pointer: JSON `null`, printed as `[]`, `map[]`, `<nil>`. */
export class GoNil {
  private constructor(readonly kind: "slice" | "map" | "pointer") {}
  static readonly slice = new GoNil("slice");
  static readonly map = new GoNil("map");
  static readonly pointer = new GoNil("pointer");
}

/** Go's truth in templates: false, 0, nil and everything empty are false; a struct is true. */
export function isTrue(value: GoValue | undefined): boolean {
  if (value === undefined || value === null || value instanceof GoNil) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof GoMap) return value.entries.size > 0;
  if (typeof value === "object") return true;
  return Boolean(value);
}

/** `omitempty`: the same, but for structs and times, which are never empty. */
export function isEmpty(value: GoValue): boolean {
  return !isTrue(value);
}

/** The type in messages: `string`, `[]string`, `map[string]string`, `types.ContainerJSON`. */
export function typeName(value: GoValue | undefined): string {
  if (value === undefined || value === null) return "nil";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float64";
  if (Array.isArray(value)) return `[]${value.length > 0 ? typeName(value[0]) : "string"}`;
  if (value instanceof GoMap) return `map[string]${value.valueType}`;
  if (value instanceof GoStruct) return `${value.pointer ? "*" : ""}${value.type}`;
  if (value instanceof GoObject) return value.type;
  if (value instanceof GoTime) return "time.Time";
  return (value as GoNil).kind === "map"
    ? "map[string]string"
    : (value as GoNil).kind === "slice"
      ? "[]string"
      : "*struct";
}
