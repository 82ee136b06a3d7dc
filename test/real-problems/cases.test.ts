import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The users' problems of one host (bridge, port mapping, DNS), of two (VXLAN, FDB and MTU), of a swarm and of the chat with Redis. Each is played in a file, or cannot be played yet for the reason given. */
const CASES: Readonly<Record<string, { readonly file: string } | { readonly reason: string }>> = {
  R01: { file: "r01-ip-forward" },
  R03: { file: "r03-bridged-masquerade" },
  R05: { file: "r05-lost-master" },
  R07: { file: "r07-swallowed-lan" },
  R09: { file: "r09-docker-user-port" },
  R11: { file: "r11-loopback-published" },
  R13: { file: "r13-udp-before-dnat" },
  R15: { file: "r15-proxy-off-isolation" },
  R17: { file: "r17-mtu-black-hole" },
  R19: { file: "r19-vxlan-port" },
  R21: { file: "r21-wrong-vtep" },
  R23: { file: "r23-inner-checksum" },
  R25: { file: "r25-ingress-address" },
  R27: { file: "r27-reused-port" },
  R29: { file: "r29-same-subnet" },
  R31: { file: "r31-shared-name" },
  R33: { file: "r33-nginx-keeps-address" },
  R35: { file: "r35-flushed-dns" },
  R37: { file: "r37-mistyped-loopback" },
  R39: { file: "r39-long-polling" },
};

const folder = new URL(".", import.meta.url);

test.each(Object.entries(CASES))("%s is played, or says why not", (id, entry) => {
  if ("reason" in entry) expect(entry.reason).not.toBe("");
  else expect(readFileSync(new URL(`${entry.file}.test.ts`, folder), "utf8")).toContain(`test("${id}: `);
});

test("every file here is one of the cases", () => {
  const files = readdirSync(folder).filter((name) => /^r\d/.test(name));
  const listed = Object.values(CASES).flatMap((entry) => ("file" in entry ? [`${entry.file}.test.ts`] : []));
  expect(files.sort()).toEqual(listed.sort());
});
