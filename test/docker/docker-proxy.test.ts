import { describe, expect, it } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import type { DockerVersion } from "../../kernel-lib/src/docker/versions/version.js";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

const single = (docker: DockerVersion = "20.10") => Lab.preset("single", { docker, seed: 7 });
const proxies = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.includes("docker-proxy"))
    .map((line) => line.replace(/^.* (\/usr)/, "$1"));

describe("docker-proxy over TCP", () => {
  it("hands on what localhost asks by a connection from the bridge's address", () => {
    const lab = single();
    const { docker01 } = lab.machines;
    docker01.docker.run("test-image", { name: "api", publish: ["5000:5000"] });
    expect(docker01.get("http://127.0.0.1:5000/").text).toMatch(/^Hello from /);
    const entries = docker01
      .exec("conntrack -L")
      .lines.map((line) => line.replace(/ (sport|dport)=[3-6]\d{4}/g, ""));
    expect(entries).toEqual([
      "tcp      6 119 TIME_WAIT src=127.0.0.1 dst=127.0.0.1 dport=5000 src=127.0.0.1 dst=127.0.0.1 sport=5000 [ASSURED] mark=0 use=1",
      "tcp      6 119 TIME_WAIT src=172.17.0.1 dst=172.17.0.2 dport=5000 src=172.17.0.2 dst=172.17.0.1 sport=5000 [ASSURED] mark=0 use=1",
    ]);
  });

  it("hands on the end of each direction by itself", async () => {
    const { docker01 } = single().machines;
    docker01.docker.run("test-image", { name: "api", publish: ["5000:5000"] });
    const answer = await docker01.script("printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -N 127.0.0.1 5000");
    expect(answer.stdout).toContain("200 OK");
    expect(answer.stdout).toMatch(/Hello from [0-9a-f]{12}\n$/);
  });

  it("resets the connection when nobody listens in the container", () => {
    const { docker01 } = single().machines;
    docker01.docker.run("test-image", { name: "api", publish: ["5000:81"] });
    const { status, stderr } = docker01.exec("curl -sS 127.0.0.1:5000");
    expect([status, stderr]).toEqual([56, "curl: (56) Recv failure: Connection reset by peer\n"]);
  });

  it("ends with its container", async () => {
    const { docker01 } = single().machines;
    docker01.docker.run("nginx", { name: "web", publish: ["8080:80"] });
    expect(proxies(docker01.exec("ps -ef").text)).toEqual([
      "/usr/sbin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80",
      "/usr/sbin/docker-proxy -proto tcp -host-ip :: -host-port 8080 -container-ip 172.17.0.2 -container-port 80",
    ]);
    docker01.docker.stop("web");
    expect(proxies(docker01.exec("ps -ef").text)).toEqual([]);
    expect(docker01.exec("ss -tln").lines).toHaveLength(1);
    expect(docker01.exec("curl -sS 127.0.0.1:8080").status).toBe(7);
  });

  it("may be run by hand", async () => {
    const { docker01 } = single().machines;
    docker01.docker.run("nginx", { name: "web" });
    await docker01.script(
      "docker-proxy -proto tcp -host-ip 127.0.0.1 -host-port 9000 -container-ip 172.17.0.2 -container-port 80 &",
    );
    expect(docker01.get("http://127.0.0.1:9000/").text).toContain("Welcome to nginx!");
    const second = docker01.exec(
      "docker-proxy -host-ip 127.0.0.1 -host-port 9000 -container-ip 172.17.0.2 -container-port 80",
    );
    expect([second.status, second.stderr]).toEqual([
      1,
      "listen tcp4 127.0.0.1:9000: bind: address already in use\n",
    ]);
  });
});

describe("docker-proxy over UDP", () => {
  const sockets = (text: string) =>
    text.split("\n").flatMap((line) => /^ESTAB .*172\.17\.0\.2:9555/.exec(line) ?? []).length;

  it("has a socket for each client, for 90 seconds", async () => {
    const lab = single();
    const { docker01 } = lab.machines;
    docker01.docker.run("alpine", {
      name: "server",
      publish: ["9555:9555/udp"],
      command: ["nc", "-lu", "-p", "9555"],
    });
    await docker01.script("echo one | nc -u -w 1 127.0.0.1 9555; echo two | nc -u -w 1 127.0.0.1 9555");
    expect(docker01.exec("docker logs server").text).toBe("one");
    expect(sockets(docker01.exec("ss -uan").text)).toBe(2);
    lab.wait(seconds(80));
    expect(sockets(docker01.exec("ss -uan").text)).toBe(2);
    lab.wait(seconds(15));
    expect(sockets(docker01.exec("ss -uan").text)).toBe(0);
  });
});

const ONE = "-proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80";
const TWO = ONE.replace("0.0.0.0", "::");

describe("a release's docker-proxy", () => {
  it.each<[DockerVersion, string[], string]>([
    [
      "1.12",
      [`/usr/bin/docker-proxy ${ONE}`],
      "Error starting userland proxy: listen tcp 0.0.0.0:7000: bind: address already in use.",
    ],
    [
      "17.09",
      [`/usr/bin/docker-proxy ${ONE}`],
      "Error starting userland proxy: listen tcp 0.0.0.0:7000: bind: address already in use.",
    ],
    [
      "28",
      [`/usr/bin/docker-proxy ${ONE} -use-listen-fd`, `/usr/bin/docker-proxy ${TWO} -use-listen-fd`],
      "failed to bind host port for 0.0.0.0:7000:172.17.0.3:80/tcp: address already in use",
    ],
  ])("%s", (version, started, refusal) => {
    const { docker01 } = single(version).machines;
    docker01.docker.run("nginx", { name: "web", publish: ["8080:80"] });
    expect(proxies(docker01.exec("ps -ef").text)).toEqual(started);
    docker01.start("nc -l -k -p 7000");
    expect(docker01.exec("docker run -d -p 7000:80 nginx").stderr.split("\n")[0]).toContain(refusal);
  });
});
