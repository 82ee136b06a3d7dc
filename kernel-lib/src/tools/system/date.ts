import type { Program } from "../../host/process.js";
import { ToolExit, tool } from "../tool-exit.js";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

const two = (n: number): string => String(n).padStart(2, "0");

/** Conversions of strftime that are known here. The lab's machines keep UTC. */
function conversions(seconds: number): Readonly<Record<string, string>> {
  const time = new Date(Math.floor(seconds) * 1000);
  const hour = time.getUTCHours();
  const day = time.getUTCDate();
  const clock = `${two(hour)}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
  const date = `${time.getUTCFullYear()}-${two(time.getUTCMonth() + 1)}-${two(day)}`;
  return {
    Y: String(time.getUTCFullYear()),
    m: two(time.getUTCMonth() + 1),
    d: two(day),
    e: String(day).padStart(2),
    H: two(hour),
    M: two(time.getUTCMinutes()),
    S: two(time.getUTCSeconds()),
    N: String(Math.round((seconds % 1) * 1e9)).padStart(9, "0"),
    s: String(Math.floor(seconds)),
    a: DAYS[time.getUTCDay()]!.slice(0, 3),
    A: DAYS[time.getUTCDay()]!,
    b: MONTHS[time.getUTCMonth()]!.slice(0, 3),
    B: MONTHS[time.getUTCMonth()]!,
    F: date,
    T: clock,
    Z: "UTC",
    z: "+0000",
    y: two(time.getUTCFullYear() % 100),
    n: "\n",
    t: "\t",
    "%": "%",
    R: clock.slice(0, 5),
    D: `${two(time.getUTCMonth() + 1)}/${two(day)}/${two(time.getUTCFullYear() % 100)}`,
    u: String(time.getUTCDay() || 7),
    w: String(time.getUTCDay()),
  };
}

/** `date [-u] [-I|-R] [+FORMAT]` on the lab's clock. */
export const date: Program = tool((process) => {
  const words = process.argv.slice(1).filter((word) => word !== "-u" && word !== "--utc");
  const known = conversions(process.host.unixTime());
  const expand = (format: string) =>
    format.replace(/%-?([A-Za-z%])/g, (whole, letter: string) => {
      const text = known[letter];
      if (text === undefined) throw new ToolExit(1, `date: conversion ${whole} is not supported here\n`);
      return whole.startsWith("%-") ? text.replace(/^[0 ]+(?=.)/, "") : text;
    });
  const [word] = words;
  const format =
    word === undefined
      ? "%a %b %e %T %Z %Y"
      : word === "-R"
        ? "%a, %d %b %Y %T %z"
        : word === "-I"
          ? "%F"
          : word === "-Is" || word === "-Iseconds"
            ? "%FT%T+00:00"
            : null;
  if (format === null && !word!.startsWith("+"))
    throw new ToolExit(
      1,
      word!.startsWith("-")
        ? `date: option ${word} is not supported here\n`
        : `date: invalid date ‘${word}’\n`,
    );
  process.stdout.write(`${expand(format ?? word!.slice(1))}\n`);
  return 0;
});
