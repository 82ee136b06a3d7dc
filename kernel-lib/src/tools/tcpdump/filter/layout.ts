import { LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2 } from "../../../wire/capture.js";
import { FilterError } from "./filter-error.js";
import { both, type Condition, not } from "./machine.js";

/** Largest value of an Ethernet length field (ETHERMTU). */
const ETHERMTU = 1500;
/** Protocol number of 802.2 frames in a cooked header. */
const COOKED_802_2 = 4;

/** Where a link type keeps its fields, in bytes from the frame's start. */
export interface Layout {
  readonly name: string;
  readonly isEthernet: boolean;
  /** The ethertype. */
  readonly type: number;
  /** The network header. */
  readonly payload: number;
  /** The packet type of a cooked header; null for Ethernet. */
  readonly outgoing: Condition | null;
  /** The interface's index in the header; null where there is none. */
  readonly interfaceIndex: number | null;
}

const LAYOUTS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [
    LINKTYPE_ETHERNET,
    { name: "Ethernet", isEthernet: true, type: 12, payload: 14, outgoing: null, interfaceIndex: null },
  ],
  [
    LINKTYPE_LINUX_SLL,
    {
      name: "Linux cooked v1",
      isEthernet: false,
      type: 14,
      payload: 16,
      outgoing: (m) => m.u16(0) === 4,
      interfaceIndex: null,
    },
  ],
  [
    LINKTYPE_LINUX_SLL2,
    {
      name: "Linux cooked v2",
      isEthernet: false,
      type: 0,
      payload: 20,
      outgoing: (m) => m.u8(10) === 4,
      interfaceIndex: 4,
    },
  ],
]);

export function layoutOf(linkType: number): Layout {
  const layout = LAYOUTS.get(linkType);
  if (layout === undefined) throw new FilterError(`link type ${linkType} is not supported here`);
  return layout;
}

/** The frame carries this ethertype (gen_linktype); small numbers are LLC service access points. */
export function hasLinkType(layout: Layout, type: number): Condition {
  const { type: at } = layout;
  if (type > ETHERMTU) return (m) => m.u16(at) === type;
  if (layout.isEthernet)
    return both(
      not((m) => m.u16(at) > ETHERMTU),
      (m) => m.u8(at + 2) === type,
    );
  if (layout.interfaceIndex !== null) return (m) => m.u16(at) === type;
  return both(
    (m) => m.u16(at) === COOKED_802_2,
    (m) => m.u8(layout.payload) === type,
  );
}
