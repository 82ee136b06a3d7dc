import { LINKTYPE_ETHERNET } from "../../../wire/capture.js";
import { layoutOf } from "./layout.js";
import { tokenize } from "./lexer.js";
import { type Condition, FilterMachine } from "./machine.js";
import { FilterParser, type Surroundings } from "./parser.js";

/** Whether a frame passes: its captured bytes, its length on the wire, and what a live capture knows beside the bytes. */
export type FrameFilter = (frame: Uint8Array, originalLength: number, live?: LiveFrame) => boolean;

/** What only a live capture knows about a frame. */
export interface LiveFrame {
  readonly outgoing: boolean;
  readonly interfaceIndex: number;
}

export type FilterOptions = Partial<Surroundings> & {
  /** LINKTYPE_*; Ethernet when absent. */
  readonly linkType?: number;
};

/**
 * Compiles a pcap-filter(7) expression to a predicate with the meaning that libpcap 1.10.3 gives it.
 * Throws `FilterError` with libpcap's message. An empty expression passes every frame.
 */
export function compileFilter(expression: string, options: FilterOptions = {}): FrameFilter {
  const { linkType = LINKTYPE_ETHERNET, live = false, netmask = 0, resolveHost = () => [] } = options;
  const tokens = tokenize(expression);
  if (tokens.length === 1) return () => true;
  const condition = new FilterParser(tokens, layoutOf(linkType), { live, netmask, resolveHost }).parse();
  return predicate(condition);
}

function predicate(condition: Condition): FrameFilter {
  const machine = new FilterMachine();
  return (frame, originalLength, live) => {
    machine.bytes = frame;
    machine.length = originalLength;
    machine.failed = false;
    machine.outgoing = live?.outgoing ?? false;
    machine.interfaceIndex = live?.interfaceIndex ?? 0;
    return condition(machine) && !machine.failed;
  };
}
