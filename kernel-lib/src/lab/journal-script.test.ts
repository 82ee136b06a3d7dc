import { expect, it } from "vitest";
import type { JournalEntry } from "./journal.js";
import { journalScript, machineScript } from "./journal-script.js";

const ENTRIES: readonly JournalEntry[] = [
  { kind: "exec", at: 0, machine: "docker01", argv: ["docker", "run", "-e", "A=two words", "nginx"] },
  { kind: "sh", at: 1, machine: "client", line: "curl -s http://192.168.56.101/ | head -1\n" },
  { kind: "start", at: 2, machine: "docker01", job: 0, argv: ["tcpdump", "-i", "docker0"] },
  { kind: "wait", at: 3, duration: 1_500_000_000 },
  { kind: "stop", at: 4, job: 0 },
  { kind: "fault", at: 5, machine: "docker01", device: "enX0", fault: "tunnel-checksum", on: true },
];

it("a journal is a script with each command under its machine", () => {
  expect(journalScript(ENTRIES)).toBe(`# on docker01
docker run -e 'A=two words' nginx
# on client
curl -s http://192.168.56.101/ | head -1
# on docker01, job 0
tcpdump -i docker0 &
sleep 1.5
# end job 0
kill -INT %1
# on docker01: fault "tunnel-checksum" of enX0 begins
`);
});

it("a script for real machines runs one machine's commands", () => {
  const script = machineScript(ENTRIES, "Chapter 2");
  expect(script).toContain("Machines: docker01, client.");
  expect(script).toContain("if on client; then\ncurl -s http://192.168.56.101/ | head -1\nfi\n");
  expect(script).toContain("\nsleep 1.5\n");
  expect(script).toContain("if on docker01; then\ntcpdump -i docker0 &\njob0=$!\nfi\n");
  expect(script).toContain('if on docker01; then\nkill -INT "$job0"\nfi\n');
});
