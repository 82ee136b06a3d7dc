import { describe, expect, it } from "vitest";
import { RecordedLab, recordedContainers, transcript } from "./recorded-lab.js";

/** Ids, ports and times of the recording are its own. */
function steady(text: string): string {
  return text
    .replace(/\b[0-9a-f]{64}\b/g, "ID")
    .replace(/\b[0-9a-f]{12}\b/g, "SHORT")
    .replace(/ on .*/g, " on T")
    .replace(/(?<=:|--sport )\d{5}\b/g, "PORT")
    .replace(/\[\d+:\d+\]/g, "[N:N]")
    .replace(/time=[\d.]+ ms/g, "time=N ms")
    .replace(/time \d+ms/g, "time Nms")
    .replace(/= [\d./]+ ms/g, "= N ms");
}

/** `br$ COMMAND` runs in the container br; `docker …` on the host; anything else in c1. */
function run(lab: RecordedLab, command: string): string {
  const [, container, inside] = /^(\w+)\$ (.*)$/.exec(command) ?? [];
  if (container !== undefined) return lab.inside(container, inside!);
  return command.startsWith("docker ") ? lab.run(command) : lab.inside("c1", command);
}

/** Answers that Docker shuffles, in order. */
function sorted(command: string, output: string): string {
  return command === "dig +short shared" ? output.split("\n").sort().join("\n") : output;
}

describe("networks joined and left, and names changed, as recorded with Docker 20.10", () => {
  const lab = recordedContainers();
  const unnamed = lab.out("docker run -d --network net1 --network-alias au test-image").trim();

  it("a container without a name has its aliases only, until it is renamed", () => {
    const chosen = lab.out("docker ps -l --format {{.Names}}").trim();
    const asked = (name: string) => lab.inside("c1", `dig +short ${name}`);
    expect(asked("au")).toBe("172.18.0.5\n[0]\n");
    expect(asked(unnamed.slice(0, 12))).toBe("172.18.0.5\n[0]\n");
    expect(asked(chosen)).toBe("[0]\n");
    expect(asked("-x 172.18.0.5")).toBe("au.net1.\n[0]\n");
    lab.out(`docker rename ${unnamed} newname`);
    expect(asked("newname")).toBe("172.18.0.5\n[0]\n");
    expect(asked("-x 172.18.0.5")).toBe("newname.net1.\n[0]\n");
  });

  it.each(transcript("changes.txt"))("%s", (command, output) => {
    expect(sorted(command, steady(run(lab, command)))).toBe(sorted(command, steady(output)));
  });
});

describe("what newer engines do otherwise", () => {
  const lab = new RecordedLab("28");
  lab.out("docker network create n1");
  lab.out("docker network create --internal n2");
  lab.out("docker run -d --network n1 test-image");
  lab.out("docker run -d --name c1 --network n1 --dns 192.168.56.9 test-image");
  lab.out("docker run -d --name c2 --network n2 test-image");
  const chosen = lab.out("docker ps -l --format {{.Names}}").trim();

  it("knows containers by the name that the engine chose", () => {
    const name = lab
      .out("docker ps --format {{.Names}}")
      .split("\n")
      .find((each) => each.includes("_"))!;
    expect(lab.inside("c1", `dig +short ${name}`)).toBe("172.18.0.2\n[0]\n");
    expect(lab.inside("c1", "dig +short -x 172.18.0.2")).toBe(`${name}.n1.\n[0]\n`);
    expect(chosen).toBe("c2");
  });

  it("says SERVFAIL where no server answered", () => {
    expect(lab.inside("c1", "ping -c1 www.example")).toBe(
      "ping: www.example: Temporary failure in name resolution\n[2]\n",
    );
    expect(lab.inside("c1", "dig +noall +comments www.example")).toContain("status: SERVFAIL");
  });

  it("asks nobody from an internal network", () => {
    expect(lab.inside("c2", "dig +noall +comments www.example")).toContain("status: SERVFAIL");
    expect(lab.inside("c2", "dig +short c2")).toBe("172.19.0.2\n[0]\n");
  });
});

describe("iptables -t nat -F inside a container", () => {
  const lab = new RecordedLab();
  lab.out("docker network create dokken");
  lab.out("docker run -d --name peer --network dokken alpine sleep 100000");
  lab.out("docker run -d --name c1 --network dokken --cap-add NET_ADMIN alpine sleep 100000");
  lab.out("docker exec c1 apk add iptables iproute2");

  it("takes its names away; a restart brings them back", () => {
    expect(lab.inside("c1", "ping -c 1 peer")).toMatch(/1 packets received/);
    lab.out("docker exec c1 iptables -t nat -F");
    expect(lab.inside("c1", "ping -c 1 peer")).toBe("ping: bad address 'peer'\n[1]\n");
    expect(lab.inside("c1", "nslookup peer 127.0.0.11")).toContain(
      "nslookup: write to '127.0.0.11': Connection refused\n",
    );
    expect(lab.inside("c1", "ping -c 1 172.18.0.2")).toMatch(/1 packets received/);
    expect(lab.inside("c1", "ss -lun")).toMatch(/UNCONN 0 +0 +127\.0\.0\.11:\d+ /);
    lab.out("docker restart c1");
    expect(lab.inside("c1", "ping -c 1 peer")).toMatch(/1 packets received/);
    expect(lab.inside("c1", "ss -lun").match(/UNCONN/g)).toHaveLength(1);
  });
});
