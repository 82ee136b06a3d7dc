import { describe, expect, it } from "vitest";
import { notebookCells, printedBy, sourceOf } from "../support/executed-notebook.js";

const cells = notebookCells("03-vxlan");
const code = cells.filter(({ cell_type }) => cell_type === "code");
const printed = code.map(printedBy).join("\n");

/** The prose up to the part about other machines, which no cell can show. */
const prose = cells
  .slice(
    0,
    cells.findIndex((cell) => sourceOf(cell).includes("## What differs on your own machine")),
  )
  .filter(({ cell_type }) => cell_type === "markdown")
  .map(sourceOf)
  .join("\n");

/** What the cell with this piece of code printed. */
function output(piece: string): string {
  const cell = code.find((one) => sourceOf(one).includes(piece));
  if (cell === undefined) throw new Error(`no cell has: ${piece}`);
  return printedBy(cell);
}

/** Numbers that are arithmetic, a wish, or the name of a document: nothing prints them. */
const NOT_PRINTED = new Set(["200", "199", "1550", "7348", "1191"]);

describe("chapter 3 says what its cells show", () => {
  it("every number of its prose stands in a cell or in what a cell printed", () => {
    const shown = `${printed}\n${code.map(sourceOf).join("\n")}`.replaceAll(",", "");
    const said = [...prose.matchAll(/(?<![\w.:-])\d{1,3}(?:,\d{3})+|(?<![\w.:-])\d{3,}(?:\.\d+)*/g)];
    const missing = said
      .map(([number]) => number.replaceAll(",", ""))
      .filter((number) => !NOT_PRINTED.has(number) && !shown.includes(number));
    expect([...new Set(missing)]).toEqual([]);
  });

  it.each([
    ["plot.frame(request)", "The first 50 bytes are the envelope of VXLAN 10, the other 98 the frame"],
    ["-s 1422", "1430 bytes from 172.18.0.22: icmp_seq=1 ttl=64"],
    [
      "-s 1422",
      "1423(1451) bytes of data.\n\n--- 172.18.0.22 ping statistics ---\n1 packets transmitted, 0 received, 100%",
    ],
    [
      "const silent",
      "dropped at vxlan-net: larger than the next link's MTU, with don't-fragment set (PKT_TOO_BIG)",
    ],
    ["-s 1473", "local error: message too long, mtu=1500"],
    ["const cut", "cut into 2 fragments for MTU 1450"],
    ["const big", "ICMP fragmentation needed 172.18.0.12 → 172.18.0.23: host-b → server"],
    ["const big", "200, 20000 bytes"],
    ["ip route get 172.18.0.12", "expires 599sec mtu 1450"],
    ["const hung", "200, 0 bytes"],
    ["const before", "nothing arrives at 1451, 1500, 1501 and 1900 bytes"],
    ["tcp-syn", "mss 1410"],
    ["tcp-syn", "200, 20000 bytes"],
    ["tracepath", "pmtu 1450 hops 1 back 1"],
    ["const reaches", "test-b → 172.18.0.33: no"],
    ["const copies", "2 envelopes for one question"],
    ["id 11 remote", "VXLAN_VNI_NOT_FOUND at vxlan on host-c"],
    ['rebuild("id 10 remote 192.168.56.101")', "NO_SOCKET at udp on host-c"],
    ["fdb replace", "VXLAN_ENTRY_EXISTS at vxlan0 on host-a"],
  ])("%s: %s", (piece, words) => expect(output(piece)).toContain(words));

  it("the repaired network loses nothing at any size", () => {
    expect(output("const after")).not.toMatch(/eth0 with 1450: [^.]*nothing arrives/);
  });
});
