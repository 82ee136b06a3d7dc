import { beforeAll, describe, expect, it } from "vitest";
import { ShellLines } from "../../kernel-lib/src/cli/shell-lines.js";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { codeBlocks, commandsOf, newLines, shownLines } from "./swarm-listing.js";

const BLOCKS = codeBlocks("000");
const entries = (block: number) => [...commandsOf(BLOCKS[block]!)];
/** 1.3.1: cards, namespaces, bridges, what is in the namespaces, rules. */
const BEFORE = [0, 1, 2, 3, 4, 5, 6].flatMap(entries).filter(([command]) => !command.startsWith("ln "));
/** 1.4.1, as far as the seed says the commands. */
const AFTER = [8, 9, 10, 11, 12].flatMap(entries);
const [CREATE, LIST_TASKS] = entries(7);
const [CONTAINER_RULES, INGRESS_RULES, HOST_RULES] = [13, 14, 15].map((block) => BLOCKS[block]!);

const rulesOnly = (lines: readonly string[]) => lines.filter((line) => !line.startsWith("*"));

describe("seed 000 in the lab of its version, as `hopbook shell --preset swarm --docker 17.05` runs it", () => {
  const before = new Map<string, readonly string[]>();
  const after = new Map<string, readonly string[]>();
  const others: (readonly string[])[] = [];
  let created = "";
  let tasks = "";
  let sandbox = "";

  beforeAll(async () => {
    const lab = Lab.named("swarm", { docker: "17.05" });
    const shell = new ShellLines(lab, { interactive: false });
    await shell.open();
    const type = async (line: string) => {
      const { status, stdout, stderr } = await shell.run(shell.switchMachine(line));
      // 17.05 says on standard error that its default will change.
      const said = stderr.replace(/^Since --detach=false was not specified[\s\S]*/, "");
      expect([line, status, said]).toEqual([line, 0, ""]);
      return stdout;
    };
    await type("ln -s /var/run/docker/netns /var/run/netns");
    const overlay = /^1-\w+/m.exec(await type("ip netns"))![0];
    const here = (command: string) =>
      command.replace(/exec 1-\w+/, `exec ${overlay}`).replace(/exec [0-9a-f]{12}/, `exec ${sandbox}`);
    const look = async (command: string) => shownLines(command, await type(here(command)));
    for (const [command] of BEFORE) before.set(command, await look(command));
    for (const node of ["docker02", "docker03"]) {
      await type(`${node}# ln -s /var/run/docker/netns /var/run/netns`);
      others.push(await look("ip netns"), await look("iptables-save"));
    }
    created = await type(`docker01# ${CREATE![0]}`);
    await type("sleep 20");
    tasks = await type(LIST_TASKS![0]);
    sandbox = /^[0-9a-f]{12}/m.exec(await type("ip netns"))![0];
    const again = [
      "ip netns exec ingress_sbox iptables-save",
      "iptables-save",
      "ip addr",
      "ip netns",
      "brctl show",
    ];
    for (const command of new Set([...AFTER.map(([command]) => command), ...again]))
      after.set(command, await look(command));
    after.set("container", shownLines("iptables-save", await type(`ip netns exec ${sandbox} iptables-save`)));
  }, 120_000);

  it.each(BEFORE)("1.3.1: %s", (command, shown) => {
    const expected = shownLines(command, shown);
    const ours = before.get(command)!;
    // "empty" is the author's word for no rules: the kernel of the year lists its tables everywhere.
    const plain = command.endsWith("iptables-save") && expected.length === 0 ? rulesOnly(ours) : ours;
    expect(plain).toEqual(expected);
  });

  it("1.3.1: the two other nodes look alike", () => {
    for (const [i, command] of ["ip netns", "iptables-save"].entries())
      for (const node of [0, 1]) expect(others[node * 2 + i]).toEqual(before.get(command));
  });

  it("1.4: a service of two tasks, on docker01 and docker03", () => {
    expect(created.trim()).toMatch(/^[0-9a-z]{25}$/);
    const header = (text: string) => text.split("\n")[0]!.trim().split(/ {2,}/);
    expect(header(tasks)).toEqual(header(LIST_TASKS![1]));
    const nodes = [...tasks.matchAll(/^\w{12} +(helloworld\.\d) +\S+ +(docker\d+) +Running +Running/gm)];
    expect(nodes.map(([, , node]) => node).sort()).toEqual(["docker01", "docker03"]);
  });

  // What is new since 1.3.1: "only the difference is written down".
  it.each(AFTER.filter(([command]) => !/exec [0-9a-f]{12} /.test(command)))("1.4.1: %s", (command, shown) => {
    const key = [...before.keys()].find(
      (known) => known.replace(/1-\w+/, "") === command.replace(/1-\w+/, ""),
    )!;
    const expected = shownLines(command, shown);
    if (command.endsWith("exec 1-flu1uxdh02 brctl show")) expect(after.get(command)).toEqual(expected);
    else if (command === "brctl show")
      // The seed names the bridge of the new port again.
      expect(newLines(before.get(key)!, after.get(command)!)).toEqual(["VETH"]);
    else expect(newLines(before.get(key)!, after.get(command)!)).toEqual(expected);
  });

  it("1.4.1: the cards of the new namespace", () => {
    const [command, shown] = AFTER.find(([one]) => /exec [0-9a-f]{12} /.test(one))!;
    expect(after.get(command)).toEqual(shownLines(command, shown));
  });

  it("1.4.1: rules of the container, whole", () => {
    expect(after.get("container")).toEqual(shownLines("iptables-save", CONTAINER_RULES!));
  });

  it.each([
    ["ip netns exec ingress_sbox iptables-save", INGRESS_RULES!],
    ["iptables-save", HOST_RULES!],
  ])("1.4.1: new rules of %s", (command, shown) => {
    expect(newLines(before.get(command)!, after.get(command)!)).toEqual(
      rulesOnly(shownLines("iptables-save", shown)),
    );
  });

  it("1.4.1: cards and bridges of ingress_sbox are as before", () => {
    expect(before.has("ip netns exec ingress_sbox ip addr")).toBe(true);
  });
});
