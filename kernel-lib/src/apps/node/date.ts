import { LAB_EPOCH_SECONDS } from "../../trace/world.js";
import type { EventLoop } from "./loop.js";

/** Text of a date and time without a zone, which JavaScript takes as local time. */
const WITHOUT_ZONE =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$|^(?!.*(Z|GMT|UTC|[+-]\d\d:?\d\d)\s*$)[A-Za-z]/;

/** The `Date` of a process: the lab's clock, in a container's time zone, which is UTC. */
export function dateOf(loop: EventLoop): DateConstructor {
  const Real = globalThis.Date;
  const now = () => Math.floor(LAB_EPOCH_SECONDS * 1000 + loop.now / 1e6);
  const read = (args: readonly unknown[]): number => {
    if (args.length === 0) return now();
    if (args.length > 1) return Real.UTC(...(args as [number, number]));
    const [only] = args;
    if (typeof only === "string" && WITHOUT_ZONE.test(only.trim()))
      return Real.parse(`${only.trim()}${only.includes("T") ? "Z" : " UTC"}`);
    return new Real(only as number).getTime();
  };
  class LabDate extends Real {
    constructor(...args: unknown[]) {
      super(read(args));
    }
    static override now(): number {
      return now();
    }
    static override parse(text: string): number {
      return read([text]);
    }
  }
  useUtc(LabDate.prototype);
  return new Proxy(LabDate, {
    apply: () => String(new LabDate()),
  }) as unknown as DateConstructor;
}

/** Every getter and setter of local time becomes the one of UTC. */
function useUtc(prototype: Date): void {
  const own = prototype as unknown as Record<string, unknown>;
  for (const part of ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"])
    for (const verb of ["get", "set"]) {
      const method = own[`${verb}UTC${part}`];
      if (method !== undefined) define(prototype, `${verb}${part}`, method);
    }
  define(prototype, "getTimezoneOffset", () => 0);
  define(prototype, "toString", function (this: Date) {
    return Number.isNaN(this.getTime()) ? "Invalid Date" : `${this.toDateString()} ${this.toTimeString()}`;
  });
  define(prototype, "toDateString", function (this: Date) {
    const [day, date, month, year] = this.toUTCString().split(/,? /);
    return `${day} ${month} ${date} ${year}`;
  });
  define(prototype, "toTimeString", function (this: Date) {
    return `${this.toISOString().slice(11, 19)} GMT+0000 (Coordinated Universal Time)`;
  });
  for (const name of ["toLocaleString", "toLocaleDateString", "toLocaleTimeString"] as const) {
    const real = globalThis.Date.prototype[name];
    define(prototype, name, function (this: Date, locales?: string, options?: Intl.DateTimeFormatOptions) {
      return real.call(this, locales ?? "en-US", { timeZone: "UTC", ...options });
    });
  }
  define(prototype, Symbol.toPrimitive, function (this: Date, hint: string) {
    return hint === "number" ? this.getTime() : this.toString();
  });
}

function define(target: object, name: string | symbol, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}
