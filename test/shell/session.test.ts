import { describe, expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { ShellSession } from "../../kernel-lib/src/tools/shell/session.js";

const lab = () => Lab.preset("single", { docker: "20.10", seed: 3 });

/** One session, line by line: what it prints on both streams. */
async function play(session: ShellSession, lines: readonly string[]): Promise<string> {
  let text = "";
  for (const line of lines) {
    const { stdout, stderr, status } = await session.run(line);
    text += `${stdout}${stderr}${status}\n`;
  }
  return text;
}

const LINES = [
  "docker run -d --name web nginx",
  "tcpdump -i docker0 -n arp &",
  "for i in 1 2; do ping -c 1 -q 172.17.0.2; sleep 1; done",
  "(sleep 1; hostname) & docker exec web sh -c 'hostname -i; sleep 2; hostname'",
  "kill %1; wait",
];

describe("two labs at once", () => {
  test("print what each prints alone", async () => {
    const alone = await play(new ShellSession(lab().machines.docker01.host), LINES);
    const both = await Promise.all(
      [0, 1].map(() => play(new ShellSession(lab().machines.docker01.host), LINES)),
    );
    expect(alone).toContain("172.17.0.2 is-at");
    expect(both).toEqual([alone, alone]);
  });
});

describe("a session without a terminal", () => {
  test("gives a shell in a container the end of its input", async () => {
    const { docker01 } = lab().machines;
    await docker01.script("docker run -d --name web nginx");
    expect(await docker01.script("docker exec -it web sh; echo after $?")).toMatchObject({
      stdout: "after 0\n",
    });
  });

  test("hands standard input to its commands", async () => {
    const { docker01 } = lab().machines;
    expect(await docker01.script("cat | tr a-z A-Z", { stdin: "some\ntext\n" })).toMatchObject({
      stdout: "SOME\nTEXT\n",
    });
    expect((await docker01.script("sudo grep -c e", { stdin: "some\ntext\n" })).stdout).toBe("2\n");
  });

  test("hangs up its jobs at its end, and shows their last words", async () => {
    const session = new ShellSession(lab().machines.docker01.host);
    await session.run("tcpdump -i enX0 -n &");
    const job = session.jobs.all[0]!;
    expect((await session.end()).stderr).toContain("0 packets captured");
    expect(job.running).toBe(false);
  });
});

describe("what is a terminal", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["ls /srv", "index.html  one\n"],
    ["ls /srv | cat", "index.html\none\n"],
    ['echo "$(ls /srv)"', "index.html\none\n"],
    ["echo $(ls /srv | grep ^o)", "one\n"],
    ["for f in $(ls /srv | grep ^o); do echo $f; ls /srv; done", "one\nindex.html\none\n"],
  ];
  test.each(rows)("%s", async (line, expected) => {
    const { client } = lab().machines;
    client.host.files.write("/srv/one", "");
    const session = await new ShellSession(client.host, { terminal: true }).open();
    expect((await session.run(line)).stdout).toBe(expected);
  });
});

describe("incomplete lines", () => {
  const rows: readonly (readonly [string, boolean])[] = [
    ["echo hi", false],
    ["echo 'hi", true],
    ['echo "hi', true],
    ["echo hi \\", true],
    ["ls |", true],
    ["true &&", true],
    ["if true; then", true],
    ["for i in 1 2; do", true],
    ["f() {", true],
    ["echo $(", true],
    ["cat <<E\nx", true],
    ["cat <<E\nx\nE", false],
    ["echo )", false],
    ["fi", false],
    ["sleep 1 &", false],
  ];
  test.each(rows)("%j: %s", async (text, expected) => {
    const session = await new ShellSession(lab().machines.client.host).open();
    expect(session.isIncomplete(text)).toBe(expected);
  });
});
