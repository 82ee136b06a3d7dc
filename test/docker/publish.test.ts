import { describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";
import { recordedDialogue, replayed, steadyText } from "./recorded-dialogue.js";

/** A Docker host with the address that the recorded one had. */
async function recordedHost(): Promise<Machine> {
  const { docker01 } = Lab.preset("single", { docker: "20.10", seed: 7 }).machines;
  await docker01.script("ip addr add 192.168.57.101/24 dev enX0; sysctl -w net.ipv4.ip_forward=1");
  return docker01;
}

interface CompareOptions {
  /** Run behind each command. */
  readonly after?: string;
  /** Lines with this text may stand in any order among themselves. */
  readonly unordered?: string;
}

/** Runs a recording's commands and compares what they print. */
async function compare(machine: Machine, file: string, options: CompareOptions = {}): Promise<void> {
  const show = (command: string, { printed, status }: { printed: string; status: number }) =>
    `${command}\n${inAnyOrder(steadyText(command, printed), options.unordered)}[${status}]`;
  for (const recorded of recordedDialogue(file)) {
    const { command } = recorded;
    const ours = await replayed(machine, inOurWords(command));
    expect(show(command, ours)).toBe(show(command, recorded));
    if (options.after !== undefined) await machine.script(options.after);
  }
}

function inAnyOrder(text: string, mark: string | undefined): string {
  if (mark === undefined) return text;
  const lines = text.split("\n");
  const marked = lines.filter((line) => line.includes(mark)).sort();
  return lines.map((line) => (line.includes(mark) ? marked.shift() : line)).join("\n");
}

/** The recorded image `exposing` is test-image with three ports. */
function inOurWords(command: string): string {
  return command.replace("-P exposing", "-P --expose 80 --expose 443/tcp --expose 53/udp test-image");
}

describe("docker run -p", () => {
  it("publishes every form as Docker 20.10: ps, port, inspect, ss, iptables-save", async () => {
    const host = await recordedHost();
    // Docker goes through 53/tcp and 53/udp of the last container in an order that its sorting leaves open.
    await compare(host, "port-mapping/p-forms.txt", { unordered: "172.17.0.14" });
  });
});

describe("published ports", () => {
  it("move along when the container's default route goes another way", async () => {
    const host = await recordedHost();
    await compare(host, "port-mapping/ports-that-move.txt");
    expect(host.exec("ps -ef").text).not.toContain("docker-proxy");
  });
});

describe("a port that cannot be published", () => {
  it("is refused in the words of the client and the daemon", async () => {
    const host = await recordedHost();
    await host.script("docker run -d --name base test-image");
    await compare(host, "port-mapping/p-refusals.txt", { after: "docker rm -f f1" });
    expect(host.exec("iptables-save").text).not.toContain("--dport");
    expect(host.exec("ss -tuln").lines.slice(1)).toEqual([]);
  });

  it("is refused when another program listens there", async () => {
    const host = await recordedHost();
    host.start("nc -l -k -p 6101");
    host.start("nc -l -k 127.0.0.1 6102");
    await compare(host, "port-mapping/port-in-use-by-program.txt", { after: "docker rm -f f1" });
    expect(host.exec("iptables-save").text).not.toContain("--dport");
    expect(host.exec("ps -ef").text).not.toContain("docker-proxy");
  });

  it("is refused when another container has it; what comes after finds it free again", async () => {
    const host = await recordedHost();
    host.start("nc -l -k -p 6101");
    await compare(host, "port-mapping/port-in-use-by-container.txt");
  });
});
