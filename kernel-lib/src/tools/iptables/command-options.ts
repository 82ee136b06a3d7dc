import type { LongOption } from "../../netfilter/getopt-long.js";

/** Short options of iptables 1.8.9. */
export const SHORT_OPTIONS = "A:C:D:E:F::I:L::M:N:P:VX::Z::c:d:i:j:o:p:s:t:R:S::W::46fg:h::m:nvw::x";

/** Long options with their letters, in the order in which they are looked through. */
export const LONG_OPTIONS: readonly LongOption<string>[] = (
  [
    ["append", 1, "A"],
    ["delete", 1, "D"],
    ["check", 1, "C"],
    ["insert", 1, "I"],
    ["replace", 1, "R"],
    ["list", 2, "L"],
    ["list-rules", 2, "S"],
    ["flush", 2, "F"],
    ["zero", 2, "Z"],
    ["new-chain", 1, "N"],
    ["delete-chain", 2, "X"],
    ["rename-chain", 1, "E"],
    ["policy", 1, "P"],
    ["source", 1, "s"],
    ["destination", 1, "d"],
    ["src", 1, "s"],
    ["dst", 1, "d"],
    ["protocol", 1, "p"],
    ["in-interface", 1, "i"],
    ["jump", 1, "j"],
    ["table", 1, "t"],
    ["match", 1, "m"],
    ["numeric", 0, "n"],
    ["out-interface", 1, "o"],
    ["verbose", 0, "v"],
    ["wait", 2, "w"],
    ["wait-interval", 2, "W"],
    ["exact", 0, "x"],
    ["fragments", 0, "f"],
    ["version", 0, "V"],
    ["help", 2, "h"],
    ["line-numbers", 0, "0"],
    ["modprobe", 1, "M"],
    ["set-counters", 1, "c"],
    ["goto", 1, "g"],
    ["ipv4", 0, "4"],
    ["ipv6", 0, "6"],
  ] as const
).map(([name, value, token]) => ({ name, value, token }));

/** Commands by letter; `d` and `z` are -D and -Z with the number of a rule. */
export type CommandLetter =
  | "I"
  | "D"
  | "d"
  | "R"
  | "A"
  | "L"
  | "F"
  | "Z"
  | "N"
  | "X"
  | "P"
  | "E"
  | "S"
  | "z"
  | "C";

/** The options that a command may have, of all those in {@link CHECKED}. */
export const ALLOWED: Readonly<Record<CommandLetter, string>> = {
  I: "sdpjviocf",
  D: "sdpjviof",
  d: "v",
  R: "sdpjviocf",
  A: "sdpjviocf",
  L: "nvx0",
  F: "v",
  Z: "v",
  N: "v",
  X: "v",
  P: "vc",
  E: "v",
  S: "v",
  z: "v",
  C: "sdpjviof",
};

/** Options in the order in which they are checked. */
export const CHECKED = "nsdpjvxio0cf";
