import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

/**
 * Commands with what ipvsadm 1.31 on a 6.1 kernel printed, and `[status]`, in a namespace with 10.0.0.1/24. What the lab refuses by name (IPv6, SCTP, GUE
 * and GRE tunnels, lblc) is left out, with its lines in the listings.
 */
function recorded(file: string): { command: string; text: string }[] {
  const text = readFileSync(new URL(`recorded/${file}`, import.meta.url), "utf8");
  return [...text.matchAll(/^\$ (.*)\n([\s\S]*?\[\d+\]\n)/gm)].map(([, command, shown]) => ({
    command: command!,
    text: shown!,
  }));
}

describe.each(["services.txt", "refusals.txt"])("the commands of %s", (file) => {
  test("print what they really print", async () => {
    const { docker01 } = Lab.preset("single", { docker: "20.10", seed: 7 }).machines;
    await docker01.sh`ip link add d0 type dummy; ip addr add 10.0.0.1/24 dev d0; ip link set d0 up`;
    for (const { command, text } of recorded(file)) {
      const { status, stdout, stderr } = await docker01.script(command);
      expect.soft(`${stderr}${stdout}[${status}]\n`, command).toBe(text);
    }
  });
});

test.each([
  ["-A -t 10.0.0.1:80 -s lblc", 'ipvsadm: scheduler "lblc" is not supported here\n'],
  ["-A -t [fc00::1]:80", "ipvsadm: IPv6 is not supported here\n"],
  ["-A --sctp-service 10.0.0.1:80", 'ipvsadm: option "--sctp-service" is not supported here\n'],
  ["--start-daemon master", 'ipvsadm: option "--start-daemon" is not supported here\n'],
  ["-A -t 10.0.0.1:80 --pe sip", 'ipvsadm: option "--pe" is not supported here\n'],
])("ipvsadm %s says that it is not supported", (words, complaint) => {
  const { docker01 } = Lab.preset("single", { docker: "20.10", seed: 7 }).machines;
  const { status, stderr } = docker01.exec("ipvsadm", ...words.split(" "));
  expect({ status, stderr }).toEqual({ status: 2, stderr: complaint });
  expect(docker01.exec("ipvsadm -Sn").stdout).toBe("");
});
