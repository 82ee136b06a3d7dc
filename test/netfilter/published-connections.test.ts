import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

/** Requests to a published port: from where, with what, and the recording of the host's connections afterwards. */
const REQUESTS = [
  ["01-client-to-published", "client", "curl -s http://192.168.56.101:5000/"],
  ["02-host-localhost-to-published", "docker01", "curl -s http://127.0.0.1:5000/"],
  ["03-host-own-address-to-published", "docker01", "curl -s http://192.168.56.101:5000/"],
  [
    "04-other-container-to-host-address",
    "docker01",
    "docker exec other wget -q -O - http://192.168.56.101:5000/",
  ],
  ["06-self-hairpin", "docker01", "docker exec api wget -q -O - http://192.168.56.101:5000/"],
] as const;

const CASES = (["on", "off"] as const).flatMap((proxy) =>
  REQUESTS.map(([name, machine, line]) => ({
    proxy,
    name,
    machine,
    line,
    file: new URL(`../oracle/port-mapping/userland-proxy-${proxy}/${name}/conntrack-L.txt`, import.meta.url),
  })).filter(({ file }) => existsSync(file)),
);

/** Ephemeral ports get names by first appearance; the order of entries is that of a hash. */
function level(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("tcp"))
    .map((line) => {
      const names = new Map<string, string>();
      const nameOf = (port: string) => {
        if (!names.has(port)) names.set(port, `PORT${names.size + 1}`);
        return names.get(port)!;
      };
      return line.replace(/port=(\d{5})/g, (_, port: string) => `port=${nameOf(port)}`);
    })
    .sort();
}

test("the recordings are there", () => expect(CASES).toHaveLength(8));

test.each(CASES)("userland proxy $proxy: $name", async ({ proxy, machine, line, file }) => {
  const lab = Lab.preset("single", {
    docker: "20.10",
    seed: 7,
    ...(proxy === "off" ? { daemon: { "userland-proxy": false } } : {}),
  });
  const { docker01, client } = lab.machines;
  await docker01.sh`docker run -d --name other test-image`;
  await docker01.sh`docker run -d --name api -p 5000:5000 test-image`;
  await docker01.sh`conntrack -F`;
  const from = machine === "client" ? client : docker01;
  const answer = await from.script(line);
  expect(answer.stdout).toMatch(/^Hello from /);
  const listed = await docker01.sh`conntrack -L`;
  expect(level(listed.stdout)).toEqual(level(readFileSync(file, "utf8")));
});
