import { beforeEach, describe, expect, it } from "vitest";
import { type RecordedLab, recordedContainers } from "./recorded-lab.js";

describe("a program's resolver", () => {
  let lab: RecordedLab;
  beforeEach(() => {
    lab = recordedContainers();
  });

  const etc = (text: string) => lab.host.files.write("/etc/resolv.conf", text);

  it.each([
    ["nameserver 192.168.56.1\n", "www.example", "www.example"],
    ["nameserver 192.168.56.1\nsearch example\n", "www", "www.example"],
    ["nameserver 192.168.56.1\nsearch nowhere example\n", "www", "www.example"],
    ["nameserver 192.168.56.1\ndomain example\n", "www", "www.example"],
    ["nameserver 192.168.56.1\n", "www.example.", "www.example"],
    ["# a remark\nnameserver 192.168.56.101\nnameserver 192.168.56.1\n", "www.example", "www.example"],
    ["nameserver 192.168.56.1\n", "alias.example", "www.example"],
  ])("%j finds %s as %s", (conf, name, canonical) => {
    etc(conf);
    expect(lab.run(`getent ahosts ${name}`)).toContain(`203.0.113.9     STREAM ${canonical}\n`);
  });

  it.each([
    ["nameserver 192.168.56.1\n", "nosuch.example", "Name or service not known", 0],
    ["nameserver 192.168.56.1\n", "fail.example", "Temporary failure in name resolution", 0],
    ["nameserver 192.168.56.1\n", "silent.example", "Temporary failure in name resolution", 10],
    [
      "nameserver 192.168.56.1\noptions timeout:1 attempts:3\n",
      "silent.example",
      "Temporary failure in name resolution",
      3,
    ],
    ["nameserver 192.168.56.101\n", "www.example", "Temporary failure in name resolution", 0],
    ["", "www.example", "Temporary failure in name resolution", 0],
    ["nameserver 192.168.56.1\n", "a..b", "Name or service not known", 0],
  ])("%j: %s is %s after %d s", (conf, name, words, duration) => {
    etc(conf);
    const before = lab.world.scheduler.now;
    expect(lab.run(`ping -c1 ${name}`)).toBe(`ping: ${name}: ${words}\n[2]\n`);
    expect(Math.floor((lab.world.scheduler.now - before) / 1e9)).toBe(duration);
  });

  it("looks at /etc/hosts first", () => {
    lab.host.files.write("/etc/hosts", "192.168.56.1\tgateway www.example\n");
    expect(lab.run("getent hosts www.example")).toBe("192.168.56.1    gateway www.example\n[0]\n");
    expect(lab.run("ping -c1 www.example")).toContain("PING gateway (192.168.56.1)");
  });

  it("does not hold curl longer than it may last", () => {
    expect(lab.run("curl -sS -m 2 http://silent.example/")).toBe(
      "curl: (28) Resolving timed out after 2000 milliseconds\n[28]\n",
    );
  });

  it("is asked by every program that takes a name", () => {
    expect(lab.run("curl -s http://nosuch.example/")).toBe("[6]\n");
    expect(lab.run("wget http://nosuch.example/")).toContain(
      "Resolving nosuch.example (nosuch.example)... failed: Name or service not known.\nwget: unable to resolve host address ‘nosuch.example’\n[4]\n",
    );
    expect(lab.run("nc -z nosuch.example 80")).toBe(
      'nc: getaddrinfo for host "nosuch.example" port 80: Name or service not known\n[1]\n',
    );
    expect(lab.run("telnet nosuch.example 80")).toBe(
      "Server lookup failure:  nosuch.example:80, Name or service not known\n[1]\n",
    );
  });
});

describe("a server that many containers share", () => {
  it("sends their queries from each one's own address", () => {
    const lab = recordedContainers();
    const dump = lab.host.spawn({ argv: ["tcpdump", "-i", "enX0", "-n", "-c", "2", "udp", "port", "53"] });
    lab.out("sleep 1");
    lab.inside("c1", "dig www.example");
    expect(dump.exitCode).toBe(0);
    expect(dump.stdout.written).toMatch(
      /IP 192\.168\.56\.101\.\d+ > 192\.168\.56\.1\.53: \d+\+ \[1au\] A\? www\.example\./,
    );
    const inside = `nsenter -t ${lab.out("docker inspect -f {{.State.Pid}} c1").trim()} -n`;
    expect(lab.out(`${inside} conntrack -L`)).toMatch(
      /src=172\.18\.0\.2 dst=192\.168\.56\.1 sport=\d+ dport=53/,
    );
  });

  it("is asked from the machine's own namespace when it is on the machine's loopback", () => {
    const lab = recordedContainers();
    lab.host.files.write("/etc/resolv.conf", "nameserver 127.0.0.53\n");
    lab.out("docker run -d --name late --network net1 test-image");
    const dump = lab.host.spawn({ argv: ["tcpdump", "-i", "lo", "-n", "-c", "1", "udp", "port", "53"] });
    lab.out("sleep 1");
    lab.inside("late", "dig +tries=1 +time=1 www.example");
    expect(dump.stdout.written).toMatch(/IP 127\.0\.0\.1\.\d+ > 127\.0\.0\.53\.53/);
  });

  it("is what daemon.json or --dns says", () => {
    const lab = recordedContainers();
    lab.out(
      "docker run -d --name own --dns 192.168.56.1 --dns-search example --dns-option ndots:2 test-image",
    );
    expect(lab.inside("own", "cat /etc/resolv.conf")).toBe(
      "search example\nnameserver 192.168.56.1\noptions ndots:2\n[0]\n",
    );
    expect(lab.inside("own", "ping -c1 www")).toContain("PING www.example (203.0.113.9)");
    expect(lab.run("docker run --dns nowhere test-image true")).toContain(
      'invalid argument "nowhere" for "--dns" flag: nowhere is not an ip address\n',
    );
  });
});
