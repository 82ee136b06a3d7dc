import type { Process } from "../../host/process.js";
import { NODE_VERSION } from "./runtime.js";

export interface NodeWords {
  /** Text to run in place of a file. */
  readonly text: string | null;
  readonly script: string;
  readonly print: boolean;
  /** `process.argv`. */
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
}

export interface Answered {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options that change nothing in the lab. */
const WITHOUT_EFFECT =
  /^--(?:no-warnings|trace-warnings|trace-uncaught|enable-source-maps|experimental-strip-types|no-deprecation|unhandled-rejections=throw|max-old-space-size=\d+|max-semi-space-size=\d+|stack-trace-limit=\d+|disable-warning=\S+|preserve-symlinks)$/;

const NODE_PATH = "/usr/local/bin/node";

/** Reads the command line of `node`. */
export function readNodeWords(process: Process): NodeWords | Answered {
  const words = process.argv.slice(1);
  const execArgv: string[] = [];
  let text: string | null = null;
  let print = false;
  let i = 0;
  for (; i < words.length; i++) {
    const word = words[i]!;
    if (word === "--") {
      i++;
      break;
    }
    if (!word.startsWith("-") || word === "-") break;
    execArgv.push(word);
    if (word === "-v" || word === "--version") return { status: 0, stdout: `${NODE_VERSION}\n`, stderr: "" };
    if (/^(?:-e|-p|-pe|--eval|--print)(?:=|$)/.test(word)) {
      print = print || /^(?:-p|-pe|--print)/.test(word);
      const given = word.includes("=") ? word.slice(word.indexOf("=") + 1) : words[++i];
      if (given === undefined) return refusal(`${NODE_PATH}: ${word} requires an argument`);
      text = given;
    } else if (
      /^(?:-r|--require|--import|--watch|--test|--inspect\S*|-i|--interactive|-c|--check|--env-file\S*|--run|--experimental-\S+)$/.test(
        word,
      ) &&
      !WITHOUT_EFFECT.test(word)
    ) {
      return refusal(`${NODE_PATH}: ${word} is not supported here`);
    } else if (!WITHOUT_EFFECT.test(word)) return refusal(`${NODE_PATH}: bad option: ${word}`);
  }
  const rest = words.slice(i);
  if (text !== null) return { text, print, script: "[eval]", argv: [NODE_PATH, ...rest], execArgv };
  const [script = "-", ...args] = rest;
  if (script === "-") {
    if (process.stdin === "" && rest.length === 0)
      return refusal(
        `${NODE_PATH}: the interactive prompt is not supported here: give a file, or -e and a line`,
        1,
      );
    return {
      text: process.stdin,
      print: false,
      script: "[stdin]",
      argv: [NODE_PATH, "-", ...args],
      execArgv,
    };
  }
  const full = process.files.absolute(script);
  return { text: null, print: false, script: full, argv: [NODE_PATH, full, ...args], execArgv };
}

function refusal(text: string, status = 9): Answered {
  return { status, stdout: "", stderr: `${text}\n` };
}
