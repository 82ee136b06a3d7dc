import { Lab } from "hopbook";
import { expect, it } from "vitest";
import { readCapture } from "../wire/pcap.js";

it("a trace is a capture of every device on the way, in the order of time", () => {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  lab.machines.docker01.docker.run("test-image", { name: "web" });
  const trace = lab.trace(() => lab.machines.docker01.container("web").ping("172.17.0.1", { count: 1 }));
  const { frames } = readCapture(trace.pcap);
  const times = frames.map(({ seconds, nanoseconds }) => seconds * 1e9 + nanoseconds);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect([...new Set(frames.map(({ interfaceName }) => interfaceName))].sort()).toEqual([
    "docker01:docker0",
    expect.stringMatching(/^docker01:veth/),
    "web:eth0",
  ]);
});
