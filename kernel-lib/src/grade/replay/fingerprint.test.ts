import { expect, it } from "vitest";
import type { JournalEntry } from "../../lab/journal.js";
import { fingerprintOf } from "./fingerprint.js";

/** The same work on two students' variants. */
const work = (address: string, vni: number, mac: string): readonly JournalEntry[] => [
  { kind: "exec", at: 7, machine: "host-a", argv: ["ping", "-c1", address] },
  { kind: "probe", at: 8, machine: "host-a", argv: ["ping", address] },
  { kind: "sh", at: 9, machine: "host-b", line: `ip link add vxlan${vni} type vxlan id ${vni}\n` },
  { kind: "sh", at: 9 + vni, machine: "host-b", line: `bridge fdb add ${mac} dev vxlan0 dst ${address}` },
  { kind: "answer", at: 10, question: "vni", value: vni },
];

it("two students who did the same have the same fingerprint", () => {
  const alice = fingerprintOf(work("172.28.0.7", 17, "02:42:ac:1c:00:07"), {
    address: "172.28.0.7",
    vni: 17,
  });
  const bob = fingerprintOf(work("172.30.0.41", 41, "02:42:ac:1e:00:29"), {
    address: "172.30.0.41",
    vni: 41,
  });
  expect(alice).toEqual(bob);
  expect(alice).toEqual([
    "host-a# ping -c1 {address}",
    "host-b# ip link add vxlan{vni} type vxlan id {vni}",
    "host-b# bridge fdb add {mac} dev vxlan0 dst {address}",
    '{"kind":"answer","question":"vni","value":{vni}}',
  ]);
});
