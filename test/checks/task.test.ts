import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lab, ms, Task } from "hopbook";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { setDisplaySink } from "../../kernel-lib/src/base/display.js";
import { replayCommand } from "../../kernel-lib/src/cli/replay.js";
import { parseJournal } from "../../kernel-lib/src/lab/parse-journal.js";
import type { PreparedTask } from "../../kernel-lib/src/lab/task/prepared-task.js";
import { seal, unseal } from "../../kernel-lib/src/lab/task/seal.js";
import { sealTask } from "../../kernel-lib/src/lab/task/task.js";

/** Two hosts on a wire, and a rule on the right one that drops what comes. */
function broken(): PreparedTask {
  const lab = Lab.build(
    {
      machines: {
        left: { nics: ["eth0"], setup: ["ip link set eth0 up", "ip address add 10.0.0.1/24 dev eth0"] },
        right: { nics: ["eth0"], setup: ["ip link set eth0 up", "ip address add 10.0.0.2/24 dev eth0"] },
      },
      cables: { wire: { ends: ["left:eth0", "right:eth0"] } },
    },
    { seed: 3 },
  );
  lab.machines.right.start("tcpdump", "-i", "eth0", "-w", "/tmp/before.pcap");
  lab.machines.right.exec("iptables", "-A", "INPUT", "-p", "icmp", "-j", "DROP");
  lab.wait(ms(500));
  return {
    ...{ assignment: "example", task: "silent", student: "ada", journal: lab.journal.toJSON() },
    ...{
      facts: { address: "10.0.0.2" },
      hints: ["Look at the rules.", "Of right."],
      secret: { fault: "rule" },
    },
  };
}

async function solved(): Promise<Task> {
  const task = await Task.open("silent", await sealTask(broken()));
  const { left, right } = task.lab.machines as Record<"left" | "right", Lab["machines"][string]>;
  await expect(task.check.reaches(left, right)).rejects.toThrow("NETFILTER_DROP");
  left.start("ping", "10.0.0.2");
  task.hint(2);
  task.answer("cause", "mtu");
  right.exec("iptables -D INPUT 1");
  task.answer("cause", ["a rule", 1, true]);
  await task.check.reaches(left, right);
  return task;
}

describe("a task", () => {
  beforeAll(() => setDisplaySink(() => undefined));
  afterAll(() => setDisplaySink(null));

  it("begins after its preparation, with an empty journal that names it", async () => {
    const task = await Task.open("silent", await sealTask(broken()));
    expect(task.lab.journal.entries).toEqual([]);
    expect(task.lab.journal.header.task).toMatchObject({
      assignment: "example",
      name: "silent",
      student: "ada",
    });
    expect(task.lab.now).toBeGreaterThan(ms(600));
    expect(task.facts).toEqual({ address: "10.0.0.2" });
    expect(String(task)).toBe("Task “silent” on left, right\n  address: 10.0.0.2");
    expect(() => task.secret).toThrow("only the one who grades knows");
  });

  it("is sealed without its secret", async () => {
    expect(JSON.stringify(await unseal(await sealTask(broken())))).not.toContain("secret");
  });

  it("keeps the last answer and the hints that were read", async () => {
    const task = await solved();
    expect(task.answers).toEqual({ cause: ["a rule", 1, true] });
    expect(task.hintsRead).toEqual([2]);
    expect(String(task.hint(1))).toBe("Hint 1 of 2: Look at the rules.");
    expect(() => task.hint(3)).toThrow("there is no hint 3; this task has 2");
    expect(() => task.answer("cause", Number.NaN)).toThrow("an answer is a text");
  });

  it("replays from its own journal: preparation, answers, hints and checks", async () => {
    const { lab } = await solved();
    const again = await Lab.replay(String(lab.journal));
    expect(again.journal.toJSON()).toEqual(lab.journal.toJSON());
    expect(again.now).toBe(lab.now);
    expect(again.machines.right!.exec("iptables -S").text).toBe(lab.machines.right!.exec("iptables -S").text);
  });

  it("is replayed by hopbook replay, and told as a script", async () => {
    const { lab } = await solved();
    const folder = mkdtempSync(join(tmpdir(), "hopbook-task-"));
    const printed: string[] = [];
    const write = vi
      .spyOn(process.stdout, "write")
      .mockImplementation((text) => printed.push(String(text)) > 0);
    try {
      const file = join(folder, "journal.json");
      writeFileSync(file, String(lab.journal));
      await replayCommand().parseAsync(["node", "replay", file, "--listing"]);
      const listing = printed.splice(0).join("");
      await replayCommand().parseAsync(["node", "replay", file, "--script"]);
      // The listing begins with the preparation; the script is what the student did.
      expect(listing).toContain("# on right\niptables -A INPUT -p icmp -j DROP\n");
      expect(listing).toContain("2 packets transmitted, 0 received, 100% packet loss");
      const script = printed.join("");
      expect(script).not.toContain("-j DROP");
      expect(script).toContain(
        '# hint 2 was read\n# answer to cause: "mtu"\n# on right\niptables -D INPUT 1\n',
      );
      expect(script).toContain("# a check, on left\nping -c 2 -W 1 10.0.0.2\n");
    } finally {
      write.mockRestore();
      rmSync(folder, { recursive: true });
    }
  });

  it("replays a student's entries on the task made anew, with the secret for the teacher's checks", async () => {
    const { lab } = await solved();
    const graded = await Task.replay(broken(), parseJournal(String(lab.journal)).entries);
    expect(graded.lab.journal.entries).toEqual(lab.journal.entries);
    expect(graded.secret).toEqual({ fault: "rule" });
    await graded.check.answer("cause", (value) => Array.isArray(value) && value[0] === "a rule");
  });

  it.each([
    [
      "another name",
      async () => Task.open("loud", await sealTask(broken())),
      'of the task "silent", not of "loud"',
    ],
    [
      "a text that is cut off",
      async () => Task.open("silent", (await sealTask(broken())).slice(0, 400)),
      "copy the cell again",
    ],
    ["no base64", () => Task.open("silent", "*"), "copy the cell again"],
    [
      "a text that unfolds without end",
      async () => unseal(await seal("0".repeat(5_000_000))),
      "more than 4000000 bytes",
    ],
    [
      "something else",
      async () => Task.open("silent", await seal({ task: "silent" })),
      "the task does not say its assignment",
    ],
  ])("refuses %s", async (_what, open, message) => {
    await expect(open()).rejects.toThrow(message);
  });
});
