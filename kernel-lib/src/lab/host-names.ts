/** Letters of the first hosts; later ones have numbers: host-a … host-z, host-27 … host-200. */
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

type Letters = [
  "a",
  "b",
  "c",
  "d",
  "e",
  "f",
  "g",
  "h",
  "i",
  "j",
  "k",
  "l",
  "m",
  "n",
  "o",
  "p",
  "q",
  "r",
  "s",
  "t",
  "u",
  "v",
  "w",
  "x",
  "y",
  "z",
];

/** What tells the first `N` hosts apart, as types. An `N` that is not known when the cell is checked stands for any. */
type Marks<N extends number, Left extends string[] = Letters, Taken extends string[] = []> = number extends N
  ? string
  : Taken["length"] extends N | 200
    ? Taken[number]
    : Left extends [infer Letter extends string, ...infer Rest extends string[]]
      ? Marks<N, Rest, [...Taken, Letter]>
      : Marks<N, [], [...Taken, `${[...Taken, string]["length"] & number}`]>;

/** Names of the Docker hosts in a lab of `N`. */
export type HostNames<N extends number> = `host-${Marks<N>}`;

/** Names of the cables that lead to them. */
export type HostCables<N extends number> = `lan-${Marks<N>}`;

/** What tells host number `i` (from 0) apart: a letter, or its number from 1. */
export function hostMark(i: number): string {
  return LETTERS[i] ?? String(i + 1);
}
