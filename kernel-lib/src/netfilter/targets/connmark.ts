import { type Connection, connectionOf, EVENT_MARK } from "../conntrack/connection.js";
import type { Action, GivenOption, TargetExtension } from "../extension.js";
import { exclusive, hex, optionNamed, parseMark, parseNumber, refuseRepeats } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { IncompleteRule, type TargetValue } from "../rule.js";
import { CONTINUE } from "../verdict.js";

/** `-j CONNMARK`: sets the connection's mark, or copies between it and the packet's. */
export interface ConnmarkTarget extends TargetValue {
  readonly target: "CONNMARK";
  readonly mode: "set" | "save" | "restore";
  readonly value: number;
  readonly ctmask: number;
  readonly nfmask: number;
}

/** Listeners hear of a mark that is another one now. */
function setMark(connection: Connection, mark: number): void {
  if (connection.mark === mark) return;
  connection.mark = mark;
  connection.news |= EVENT_MARK;
}

class ConnmarkAction implements Action {
  constructor(private readonly value: ConnmarkTarget) {}

  run({ packet }: PacketView): number {
    const connection = connectionOf(packet);
    if (connection === null) return CONTINUE;
    const { mode, value, ctmask, nfmask } = this.value;
    if (mode === "set") setMark(connection, ((connection.mark & ~ctmask) ^ value) >>> 0);
    else if (mode === "save")
      setMark(connection, ((connection.mark & ~ctmask) ^ (packet.mark & nfmask)) >>> 0);
    else packet.mark = ((packet.mark & ~nfmask) ^ (connection.mark & ctmask)) >>> 0;
    return CONTINUE;
  }
}

const SETTERS = ["set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark"] as const;

/** In the order in which they are checked against each other. */
const ACTIONS: readonly string[] = [...SETTERS, "restore-mark", "save-mark"];

/** What an action makes of the mark: (mark & ~ctmask) ^ value; null for copying. */
function change({ name, words }: GivenOption): { readonly value: number; readonly ctmask: number } | null {
  if (name === "save-mark" || name === "restore-mark") return null;
  const { value, mask } = parseMark("CONNMARK", name, words[0]!);
  if (name === "and-mark") return { value: 0, ctmask: ~value >>> 0 };
  if (name === "or-mark") return { value, ctmask: value };
  if (name === "xor-mark") return { value, ctmask: 0 };
  return { value, ctmask: name === "set-mark" ? (mask | value) >>> 0 : mask };
}

export const connmarkTarget: TargetExtension<ConnmarkTarget> = {
  name: "CONNMARK",
  options: [
    ...SETTERS.map((name) => ({ name, words: 1 as const })),
    { name: "save-mark", words: 0 },
    { name: "restore-mark", words: 0 },
    { name: "mask", words: 1 },
    { name: "ctmask", words: 1 },
    { name: "nfmask", words: 1 },
  ],
  parse(given) {
    refuseRepeats("CONNMARK", given);
    const action = given.find(({ name }) => ACTIONS.includes(name));
    const masks = new Map<string, number>();
    for (const { name, words } of given)
      if (!["set-xmark", "set-mark", "save-mark", "restore-mark"].includes(name))
        masks.set(name, parseNumber("CONNMARK", name, words[0]!, 0, 0xffffffff));
    const changed = action === undefined ? null : change(action);
    if (action === undefined) throw new IncompleteRule("CONNMARK target: No operation specified");
    const [first, second] = ACTIONS.filter((name) => optionNamed(given, name) !== null);
    if (second !== undefined) throw exclusive("CONNMARK", first!, second);
    const both = masks.get("mask");
    for (const name of ["ctmask", "nfmask"])
      if (both !== undefined && masks.has(name)) throw exclusive("CONNMARK", name, "mask");
    const ctmask = both ?? masks.get("ctmask");
    const nfmask = both ?? masks.get("nfmask") ?? 0xffffffff;
    if (changed !== null)
      return {
        target: "CONNMARK",
        mode: "set",
        value: changed.value,
        ctmask: ctmask ?? changed.ctmask,
        nfmask: 0xffffffff,
      };
    const mode = action.name === "save-mark" ? "save" : "restore";
    return { target: "CONNMARK", mode, value: 0, ctmask: ctmask ?? 0xffffffff, nfmask };
  },
  save({ mode, value, ctmask, nfmask }) {
    if (mode === "set") return ` --set-xmark ${hex(value)}/${hex(ctmask)}`;
    return ` --${mode}-mark --nfmask ${hex(nfmask)} --ctmask ${hex(ctmask)}`;
  },
  list({ mode, value, ctmask, nfmask }) {
    if (mode !== "set") {
      if (nfmask === 0xffffffff && ctmask === 0xffffffff) return ` CONNMARK ${mode}`;
      return nfmask === ctmask
        ? ` CONNMARK ${mode} mask ${hex(nfmask)}`
        : mode === "save"
          ? ` CONNMARK save nfmask ${hex(nfmask)} ctmask ~${hex(ctmask)}`
          : ` CONNMARK restore ctmask ${hex(ctmask)} nfmask ~${hex(nfmask)}`;
    }
    if (value === 0) return ` CONNMARK and ${hex(~ctmask >>> 0)}`;
    if (value === ctmask) return ` CONNMARK or ${hex(value)}`;
    if (ctmask === 0) return ` CONNMARK xor ${hex(value)}`;
    return ctmask === 0xffffffff
      ? ` CONNMARK set ${hex(value)}`
      : ` CONNMARK xset ${hex(value)}/${hex(ctmask)}`;
  },
  needsConntrack: true,
  compile: (value) => new ConnmarkAction(value),
};
