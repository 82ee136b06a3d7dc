import { connectionOf } from "../conntrack/connection.js";
import type { Action, TargetExtension } from "../extension.js";
import { badValue, hex, optionNamed, parseMark, parseUnsigned } from "../options.js";
import type { PacketView } from "../packet-view.js";
import { RuleError, type TargetValue } from "../rule.js";
import { CONTINUE } from "../verdict.js";

/** `-j CONNMARK`: sets the connection's mark, or copies between it and the packet's. */
export interface ConnmarkTarget extends TargetValue {
  readonly target: "CONNMARK";
  readonly mode: "set" | "save" | "restore";
  readonly value: number;
  readonly ctmask: number;
  readonly nfmask: number;
}

class ConnmarkAction implements Action {
  constructor(private readonly value: ConnmarkTarget) {}

  run({ packet }: PacketView): number {
    const connection = connectionOf(packet);
    if (connection === null) return CONTINUE;
    const { mode, value, ctmask, nfmask } = this.value;
    if (mode === "set") connection.mark = ((connection.mark & ~ctmask) ^ value) >>> 0;
    else if (mode === "save") connection.mark = ((connection.mark & ~ctmask) ^ (packet.mark & nfmask)) >>> 0;
    else packet.mark = ((packet.mark & ~nfmask) ^ (connection.mark & ctmask)) >>> 0;
    return CONTINUE;
  }
}

const SETTERS = ["set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark"] as const;

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
    const actions = given.filter(({ name }) => name.endsWith("mark"));
    const [action, ...more] = actions;
    if (action === undefined) throw new RuleError("CONNMARK target: No operation specified");
    if (more.length > 0)
      throw new RuleError(
        `CONNMARK: option "--${more[0]!.name}" cannot be used together with "--${action.name}".\n`,
      );
    const maskOf = (name: string): number | null => {
      const option = optionNamed(given, name);
      if (option === null) return null;
      const mask = parseUnsigned(option.words[0]!);
      if (mask === null) throw badValue("CONNMARK", name);
      return mask;
    };
    const both = maskOf("mask");
    const ctmask = both ?? maskOf("ctmask") ?? 0xffffffff;
    const nfmask = both ?? maskOf("nfmask") ?? 0xffffffff;
    if (action.name === "save-mark") return { target: "CONNMARK", mode: "save", value: 0, ctmask, nfmask };
    if (action.name === "restore-mark")
      return { target: "CONNMARK", mode: "restore", value: 0, ctmask, nfmask };
    const { value, mask } = parseMark("CONNMARK", action.name, action.words[0]!);
    const changed =
      action.name === "and-mark"
        ? { value: 0, ctmask: ~value >>> 0 }
        : action.name === "or-mark"
          ? { value, ctmask: value }
          : action.name === "xor-mark"
            ? { value, ctmask: 0 }
            : action.name === "set-mark"
              ? { value, ctmask: (mask | value) >>> 0 }
              : { value, ctmask: mask };
    return { target: "CONNMARK", mode: "set", ...changed, nfmask: 0xffffffff };
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
        : ` CONNMARK ${mode} nfmask ${hex(nfmask)} ctmask ~${hex(ctmask)}`;
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
