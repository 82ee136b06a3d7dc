import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

/** Rules of a listing that have counted, with the seed's five LOG rules left out. */
const counted = (text: string) =>
  text
    .split("\n")
    .filter((line) => /^\[[1-9]/.test(line) && !line.includes("LOG"))
    .map((line) => line.replace(/^\[(\d+):\d+\]/, "[$1]"));

test("a client reaches a published port by DNAT; LOG shows the hooks in the kernel's order", async () => {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01, client } = lab.machines;
  await docker01.sh`docker run -d --name api -p 5000:5000 test-image`;
  await docker01.sh`iptables -t nat -I PREROUTING -j LOG --log-prefix "PREROUTING: "`;
  await docker01.sh`iptables -t nat -I DOCKER -j LOG --log-prefix "NAT DOCKER: "`;
  await docker01.sh`iptables -I FORWARD -j LOG --log-prefix "FORWARD: "`;
  await docker01.sh`iptables -I DOCKER -j LOG --log-prefix "FILTER DOCKER: "`;
  await docker01.sh`iptables -t nat -I POSTROUTING -j LOG --log-prefix "POSTROUTING: "`;
  const answer = await client.sh`curl -s http://192.168.56.101:5000/`;
  expect(answer.stdout).toMatch(/^Hello from [0-9a-f]{12}/);
  const { lines } = docker01.host.kernelLog;
  const recorded = readFileSync(
    new URL("../oracle/port-mapping/log-rules/client-to-published.kern.log", import.meta.url),
    "utf8",
  );
  const shape = (line: string) =>
    line
      .replace(/PHYSIN=veth\w+/, "PHYSIN=veth")
      .replace(/MAC=\S+/, "MAC=")
      .replace(/172\.17\.0\.\d/g, "CONTAINER")
      .replace(/(ID|SPT|DPT|WINDOW|LEN)=\d+/g, "$1=")
      .replace(/ (ACK )?(PSH |FIN |SYN )?URGP.*/, "")
      .trimEnd();
  const first = (list: readonly string[]) => list.slice(0, 6).map(shape);
  expect(first(lines.map(({ text }) => text))).toEqual(
    first(recorded.split("\n").filter((line) => line.includes("IN="))),
  );
  expect(counted((await docker01.sh`iptables-save -c`).stdout)).toContain(
    "[1] -A DOCKER ! -i docker0 -p tcp -m tcp --dport 5000 -j DNAT --to-destination 172.17.0.2:5000",
  );
  expect((await docker01.sh`conntrack -L -p tcp`).stdout).toMatch(
    /TIME_WAIT src=203\.0\.113\.9 dst=192\.168\.56\.101 sport=(\d+) dport=5000 src=172\.17\.0\.2 dst=203\.0\.113\.9 sport=5000 dport=\1 \[ASSURED\]/,
  );
});
