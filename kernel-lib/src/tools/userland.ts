import type { Program, ProgramTable } from "../host/process.js";
import { cat } from "./files/cat.js";
import { ln, mkdir, rm, rmdir } from "./files/change.js";
import type { Dialect } from "./files/dialect.js";
import { head } from "./files/head.js";
import { ls } from "./files/ls.js";
import { tail } from "./files/tail.js";
import { apk } from "./packages/apk.js";
import { aptGet } from "./packages/apt-get.js";
import { sh } from "./shell/sh.js";
import { BUSYBOX_TEXT_TOOLS, TEXT_TOOLS, textTool } from "./shell/text-tools.js";
import { date } from "./system/date.js";
import { dmesg } from "./system/dmesg.js";
import { ps } from "./system/ps.js";
import {
  echo,
  env,
  fail,
  id,
  kill,
  nohup,
  pwd,
  sleep,
  succeed,
  sudo,
  timeout,
  uname,
  which,
  whoami,
} from "./system/simple.js";

type Entry = readonly [name: string, program: Program];

/** What every root file system has, in the words of coreutils or of busybox. */
function common(dialect: Dialect): readonly Entry[] {
  return [
    ["cat", cat(dialect)],
    ["date", date],
    ["dmesg", dmesg],
    ["echo", echo],
    ["false", fail],
    ["head", head(dialect)],
    ["id", id],
    ["kill", kill],
    ["ln", ln(dialect)],
    ["ls", ls(dialect)],
    ["mkdir", mkdir(dialect)],
    ["nohup", nohup],
    ["ps", ps(dialect)],
    ["pwd", pwd],
    ["rm", rm(dialect)],
    ["rmdir", rmdir(dialect)],
    ["sleep", sleep],
    ["tail", tail(dialect)],
    ["timeout", timeout],
    ["true", succeed],
    ["uname", uname],
    ["env", env],
    ["which", which],
    ["whoami", whoami],
  ];
}

/** Debian's base system and shell. */
export const DEBIAN_USERLAND: readonly Entry[] = [
  ...TEXT_TOOLS.map((name): Entry => [name, textTool(name)]),
  ...common("coreutils"),
  ["apt", aptGet],
  ["apt-get", aptGet],
  ["bash", sh("bash")],
  ["sh", sh("bash")],
  ["sudo", sudo],
];

/** busybox: one file with many names. */
export const BUSYBOX_USERLAND: readonly Entry[] = [
  ...BUSYBOX_TEXT_TOOLS.map((name): Entry => [name, textTool(name)]),
  ...common("busybox"),
  ["ash", sh("ash")],
  ["sh", sh("ash")],
];

/** Alpine: busybox and its package tool. */
export const ALPINE_USERLAND: readonly Entry[] = [...BUSYBOX_USERLAND, ["apk", apk]];

/** Adds a userland to a table; what the table has already stays. */
export function withUserland(userland: readonly Entry[], programs: ProgramTable): ProgramTable {
  return new Map([...userland, ...programs]);
}
