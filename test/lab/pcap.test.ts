import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lab } from "hopbook";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith, hasProgram } from "../support/requirement.js";

/** One capture of each kind of traffic that chapter 1 has: ARP, ICMP with an error, UDP, a whole TCP connection, a refused one, fragments. */
function captureBytes(): Uint8Array {
  const { machines } = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01 } = machines;
  docker01.docker.run("test-image", { name: "curl-container" });
  docker01.docker.run("test-image", { name: "api-container" });
  const curl = docker01.container("curl-container");
  const peer = curl.exec("cat", "/sys/class/net/eth0/iflink").text;
  const [, veth = ""] =
    docker01.exec("ip", "-o", "link").text.match(new RegExp(`^${peer}: (veth\\w+)`, "m")) ?? [];
  // Not docker0 itself: behind br_netfilter it shows fragments put together.
  const capture = docker01.capture(veth);
  curl.get("http://172.17.0.3:5000/");
  curl.get("http://172.17.0.3:81/");
  curl.ping("172.17.0.3", { count: 2 });
  curl.exec("ping", "-c", "1", "-s", "4000", "172.17.0.3");
  curl.exec("ping", "-c", "1", "-t", "1", "203.0.113.9");
  curl.exec("ping", "-c", "1", "172.17.0.99");
  return capture.stop().pcap;
}

describeWith(
  "a pcap of the lab",
  { met: hasProgram("tshark") && hasProgram("tcpdump"), reason: "tcpdump or tshark is not installed" },
  () => {
    let folder: string;
    let file: string;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "hopbook-pcap-"));
      file = join(folder, "veth.pcap");
      writeFileSync(file, captureBytes());
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    const run = (program: string, args: string[]) => {
      const { stdout, stderr, status } = spawnSync(program, args, { encoding: "utf8" });
      expect(status, stderr).toBe(0);
      return stdout;
    };

    it("is decoded by tcpdump without a wrong checksum or a cut frame", () => {
      const text = run("tcpdump", ["-n", "-e", "-vv", "-r", file]);
      expect(text.split("\n").length).toBeGreaterThan(40);
      expect(text).not.toMatch(/incorrect|bad cksum|wrong|\[\||unknown|invalid/i);
      for (const part of [
        "who-has 172.17.0.3",
        "echo request",
        "Flags [S]",
        "Flags [R.]",
        "time exceeded",
        "flags [+]",
      ])
        expect(text).toContain(part);
    });

    it("is decoded by tshark without a warning or error, checksums verified", () => {
      const checks = ["ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE"].flatMap(
        (option) => ["-o", option],
      );
      const bad = run("tshark", [
        "-n",
        "-r",
        file,
        ...checks,
        "-Y",
        '_ws.malformed || _ws.expert.severity >= 6291456 || ip.checksum.status == "Bad" || tcp.checksum.status == "Bad" || icmp.checksum.status == "Bad"',
        "-T",
        "fields",
        "-e",
        "frame.number",
        "-e",
        "_ws.expert.message",
      ]);
      const expected = /Connection reset \(RST\)|No response seen/;
      expect(bad.split("\n").filter((line) => line !== "" && !expected.test(line))).toEqual([]);
    });

    it("prints in our tcpdump as in the real one", () => {
      const { machines } = Lab.preset("single", { seed: 7 });
      machines.docker01.host.files.write("/tmp/veth.pcap", captureBytes());
      const ours = machines.docker01.exec("tcpdump", "-n", "-e", "-vv", "-r", "/tmp/veth.pcap").stdout;
      const theirs = spawnSync("tcpdump", ["-n", "-e", "-vv", "-r", file], {
        encoding: "utf8",
        env: { ...process.env, TZ: "UTC" },
      }).stdout;
      expect(ours).toBe(theirs);
    });
  },
);
