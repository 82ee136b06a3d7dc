import { ETHERTYPE_IPV4, ethernet } from "../../kernel-lib/src/wire/ethernet.js";
import type { Case, Step } from "./case.js";
import { restoreText } from "./case.js";
import { answerTo, errorAbout, fragmented, frameOf, macNumber, packetBytes } from "./frames.js";
import type { Datagram, Heard, Report, Side } from "./side.js";

/** What one side made of a case. */
export interface Played extends Report {
  /** The complaint of iptables-restore; empty when it took the rules. */
  readonly refused: string;
  readonly heard: readonly { readonly step: number; readonly heard: Heard }[];
}

const NOTHING: Heard = { seen: [], datagrams: [] };

/** Plays a case on one side: rules first, then step by step. Answers are made of what this side has let through. */
export async function play(side: Side, { settings, tables, steps }: Case): Promise<Played> {
  await side.open(settings);
  const refused = await side.restore(restoreText(tables));
  const heard: { step: number; heard: Heard }[] = [];
  const bySteps = new Map<number, Heard>();
  const lastDatagrams = new Map<number, Datagram>();
  for (const step of steps) {
    const result = await take(side, step, bySteps, lastDatagrams);
    bySteps.set(step.id, result);
    for (const datagram of result.datagrams) lastDatagrams.set(datagram.port, datagram);
    heard.push({ step: step.id, heard: result });
  }
  return { refused, heard, ...(await side.report()) };
}

async function take(
  side: Side,
  step: Step,
  heard: ReadonlyMap<number, Heard>,
  datagrams: ReadonlyMap<number, Datagram>,
): Promise<Heard> {
  switch (step.kind) {
    case "frame": {
      const packet = packetBytes(step.packet, step.id);
      const pieces =
        step.packet.fragments.length === 0 ? [packet] : fragmented(packet, step.packet.fragments);
      const from = macNumber(step.sourceMac);
      const to = macNumber(step.destinationMac);
      return side.inject(
        step.tap,
        pieces.map((piece) => frameOf(piece, from, to)),
      );
    }
    case "local":
      return side.send(packetBytes(step.packet, step.id), step.mark);
    case "service": {
      const last = datagrams.get(step.port);
      if (last === undefined) return NOTHING;
      return side.answer(step.port, last.address, last.from, new Uint8Array(step.payload).fill(step.id));
    }
    default: {
      const seen = (heard.get(step.to)?.seen ?? []).filter(({ frame }) => isIpv4(frame));
      if (seen.length === 0) return NOTHING;
      const { tap, frame } = seen[step.pick % seen.length]!;
      const made =
        step.kind === "answer"
          ? answerTo(frame, step.fields, step.ttl, step.id)
          : errorAbout(frame, step, step.id);
      return made === null ? NOTHING : side.inject(tap, [made]);
    }
  }
}

/** ARP asks for who is not there, and is not answered. */
function isIpv4(frame: Uint8Array): boolean {
  return ethernet.type.get(frame, 0) === ETHERTYPE_IPV4;
}
