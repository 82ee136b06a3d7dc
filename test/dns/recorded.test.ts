import { describe, expect, it } from "vitest";
import { recordedContainers, steady, transcript } from "./recorded-lab.js";

/** Busybox's own commands are run in a container of busybox's; the recorded one had both. */
function inside(command: string): string {
  const words = command.replace(/^busybox /, "");
  return `docker exec ${words === command ? "c1" : "box"} ${words}`;
}

describe("names in a container on a user-defined network, as recorded with Docker 20.10", () => {
  const lab = recordedContainers();
  lab.out("docker run -d --name box --network net1 alpine sleep 100000");

  it.each(transcript("in-a-container.txt"))("%s", (command, output) => {
    expect(steady(lab.run(inside(command)))).toBe(output);
  });
});

describe("types that no container has, as recorded without empty lines and the time", () => {
  const lab = recordedContainers();
  const filtered = (text: string) => text.replace(/^(;; WHEN.*)?\n/gm, "");

  it.each(transcript("in-a-container-filtered.txt"))("%s", (command, output) => {
    expect(filtered(steady(lab.run(inside(command))))).toBe(output);
  });
});

describe("names on a host, as recorded with BIND 9.18 and glibc", () => {
  const lab = recordedContainers();

  it.each(transcript("on-a-host.txt"))("%s", (command, output) => {
    expect(steady(lab.run(command))).toBe(output);
  });
});
