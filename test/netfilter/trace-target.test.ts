import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

const RECORDED = readFileSync(
  new URL("../oracle/port-mapping/userland-proxy-on/01-client-to-published/trace.txt", import.meta.url),
  "utf8",
);

/** The lines of -j TRACE without what chance decides: MACs, the names of veths, IP and TCP numbers, time stamps and windows. */
function traced(lines: readonly string[]): string[] {
  return lines
    .filter((line) => line.includes("TRACE: "))
    .map((line) =>
      line
        .slice(line.indexOf("TRACE: "))
        .replace(/MAC=\S+/, "MAC=")
        .replace(/PHYS(IN|OUT)=veth\w+/g, "PHYS$1=veth")
        .replace(/172\.17\.0\.\d/g, "CONTAINER")
        .replace(/\b(ID|SPT|DPT|SEQ|ACK|WINDOW|LEN)=\d+/g, "$1=")
        .replace(/OPT \(\w+\)/, "OPT ()"),
    );
}

/** What the lines say of a connection's first two packets. */
function handshake(lines: readonly string[]): string[] {
  const end = lines.findIndex((line) => line.includes(" ACK URGP") && !line.includes("SYN"));
  return lines.slice(0, end);
}

test("TRACE logs each rule that takes a packet as the kernel does, for a client of a published port", async () => {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01, client } = lab.machines;
  await docker01.sh`docker run -d --name curl-container test-image`;
  await docker01.sh`docker run -d --name api -p 5000:5000 test-image`;
  for (const chain of ["PREROUTING", "OUTPUT"])
    docker01.exec(`iptables -t raw -I ${chain} 1 -p tcp -j TRACE`);
  await client.sh`curl -s http://192.168.56.101:5000/`;
  const ours = traced(docker01.host.kernelLog.lines.map(({ text }) => text));
  const real = traced(RECORDED.split("\n"));
  expect(handshake(ours)).toEqual(handshake(real));
  expect(new Set(ours.map((line) => line.split(" ")[1]))).toEqual(
    new Set(real.map((line) => line.split(" ")[1])),
  );
  const counted = docker01
    .exec("iptables-save -c -t raw")
    .text.split("\n")
    .find((line) => line.includes("TRACE"));
  expect(counted).toMatch(/^\[[1-9]\d*:\d+\] -A PREROUTING -p tcp -j TRACE$/);
});

test("a process's own packets carry its user and the mark; other namespaces log nothing", async () => {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01 } = lab.machines;
  await docker01.script(
    "iptables -t mangle -A OUTPUT -p udp -j MARK --set-mark 0x1f; iptables -A OUTPUT -p udp -j LOG --log-uid --log-prefix own:",
  );
  await docker01.script("ip netns add quiet; ip netns exec quiet iptables -A OUTPUT -j LOG");
  await docker01.script("ip netns exec quiet ip link set lo up; ip netns exec quiet ping -c 1 127.0.0.1");
  await docker01.sh`echo hello | nc -u -w 1 192.168.56.1 9`;
  const lines = docker01.host.kernelLog.lines.map(({ text }) => text);
  expect(lines.filter((line) => line.includes("IN="))).toEqual([
    expect.stringMatching(
      /^own:IN= OUT=enX0 SRC=192\.168\.56\.101 DST=192\.168\.56\.1 LEN=34 .* PROTO=UDP SPT=\d+ DPT=9 LEN=14 UID=0 GID=0 MARK=0x1f $/,
    ),
  ]);
});
