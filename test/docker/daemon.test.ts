import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { recordedDialogue, replayed } from "./recorded-dialogue.js";

const DAEMON_JSON = "/etc/docker/daemon.json";
const single = (options: { daemon?: Record<string, unknown> } = {}) =>
  Lab.preset("single", { docker: "20.10", seed: 7, ...options });

/** The text of a listing's rules: without dates, policies and counters. */
function rules(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^[#:]/.test(line) || /^:DOCKER/.test(line))
    .join("\n");
}

describe("daemon.json", () => {
  it("is refused in the daemon's words", async () => {
    const { docker01 } = single().machines;
    await docker01.script("systemctl stop docker");
    for (const { command, printed, status } of recordedDialogue("docker/daemon-json.txt")) {
      await docker01.script(`cat > ${DAEMON_JSON}`, { stdin: command });
      expect([command, await replayed(docker01, "dockerd")]).toEqual([command, { printed, status }]);
    }
  });

  it("names what Docker has and the lab lacks", () => {
    expect(() => single({ daemon: { "live-restore": true } })).toThrow(
      `unable to configure the Docker daemon with file ${DAEMON_JSON}: directive "live-restore" is not supported here`,
    );
  });

  it("sets up the default bridge", () => {
    const { docker01 } = single({
      daemon: { bip: "10.200.0.1/24", mtu: 1400, icc: false, "ip-masq": false },
    }).machines;
    expect(docker01.exec("ip -br addr show docker0").text).toContain("10.200.0.1/24");
    const saved = docker01.exec("iptables-save").text;
    expect(saved).toContain("-A FORWARD -i docker0 -o docker0 -j DROP");
    expect(saved).not.toContain("MASQUERADE");
    docker01.docker.run("test-image", { name: "api" });
    expect(docker01.container("api").exec("ip -4 addr show eth0").text).toContain("10.200.0.2/24");
    expect(docker01.container("api").exec("ip link show eth0").text).toContain("mtu 1400");
  });

  it("sets the pools and the address that ports are published on; without iptables there are no rules", () => {
    const { docker01 } = single({
      daemon: {
        "default-address-pools": [{ base: "10.10.0.0/16", size: 24 }],
        ip: "192.168.56.101",
        iptables: false,
      },
    }).machines;
    docker01.docker.networks.create("n1");
    expect(docker01.exec("docker", "network", "inspect", "-f", "{{json .IPAM.Config}}", "n1").text).toBe(
      '[{"Subnet":"10.10.1.0/24","Gateway":"10.10.1.1"}]',
    );
    docker01.docker.run("test-image", { name: "api", publish: ["80"] });
    expect(docker01.exec("docker port api").text).toBe("80/tcp -> 192.168.56.101:32768");
    expect(rules(docker01.exec("iptables-save").text)).not.toContain("-A ");
  });

  it("is kept by the journal", async () => {
    const lab = single({ daemon: { "userland-proxy": false } });
    lab.machines.docker01.docker.run("test-image", { name: "api", publish: ["5000:5000"] });
    const again = await Lab.replay(String(lab.journal));
    const listing = (one: Lab) => one.machine("docker01").exec("ss -tlnp").text;
    expect(listing(again)).toBe(listing(lab as unknown as Lab));
    expect(listing(again)).toContain('users:(("dockerd",');
  });
});

describe("a stopped daemon", () => {
  it("is not there for docker's commands", async () => {
    const { docker01 } = single().machines;
    await docker01.script("systemctl stop docker");
    for (const { command, printed, status } of recordedDialogue("docker/daemon-down.txt")) {
      const { stdout, stderr, status: ours } = await docker01.script(command);
      const lines = (text: string) => text.split("\n").sort();
      expect([command, lines(stdout + stderr), ours]).toEqual([command, lines(printed), status]);
    }
  });

  it("is told by systemctl and service", async () => {
    const { docker01 } = single().machines;
    const status = async (line: string) => {
      const result = await docker01.script(line);
      return [result.stdout + result.stderr, result.status];
    };
    expect(await status("systemctl is-active docker")).toEqual(["active\n", 0]);
    expect(await status("service docker stop")).toEqual(["", 0]);
    expect(await status("systemctl is-active docker.service")).toEqual(["inactive\n", 3]);
    expect((await status("systemctl status docker"))[0]).toContain("Active: inactive (dead) since");
    expect(await status("systemctl restart nginx")).toEqual([
      "Failed to restart nginx.service: Unit nginx.service not found.\n",
      5,
    ]);
    await docker01.script(`echo '{"foo": 1}' > ${DAEMON_JSON}`);
    expect(await status("systemctl start docker")).toEqual([
      'Job for docker.service failed because the control process exited with error code.\nSee "systemctl status docker.service" and "journalctl -xeu docker.service" for details.\n',
      1,
    ]);
    expect(await status("systemctl is-failed docker")).toEqual(["failed\n", 0]);
    await docker01.script(`rm ${DAEMON_JSON}`);
    expect(await status("systemctl start docker; docker ps -q")).toEqual(["", 0]);
  });
});

describe("a daemon that is started again", () => {
  const names = (text: string) => text.split("\n").sort().join(" ");

  it("starts the containers that --restart asks for", async () => {
    const { docker01 } = single().machines;
    await docker01.script(
      "docker run -d --name plain test-image; docker run -d --name always --restart always -p 5001:5000 test-image; " +
        "docker run -d --name unless --restart unless-stopped nginx; docker run -d --name by-hand --restart unless-stopped test-image; docker kill by-hand; " +
        "docker run -d --name always-by-hand --restart always test-image; docker kill always-by-hand; docker run -d --name onfail --restart on-failure test-image; " +
        "docker run -d --rm --name gone test-image; systemctl restart docker",
    );
    const listed = (more: string) =>
      names(docker01.exec("docker", "ps", more, "--format", "{{.Names}}").text);
    expect(listed("--no-trunc")).toBe("always always-by-hand onfail unless");
    expect(listed("-a")).toBe("always always-by-hand by-hand onfail plain unless");
    expect(docker01.exec("docker port always").lines).toEqual([
      "5000/tcp -> 0.0.0.0:5001",
      "5000/tcp -> :::5001",
    ]);
    expect(docker01.get("http://127.0.0.1:5001/").text).toMatch(/^Hello from /);
  });

  it("keeps its networks but the default bridge, whose rules come to the top again", async () => {
    const { docker01 } = single().machines;
    await docker01.script(
      "docker network create --subnet 172.30.0.0/16 -o com.docker.network.bridge.name=br-un1 un1",
    );
    const ids = () => docker01.exec("docker network ls -q --no-trunc").lines;
    const before = ids();
    await docker01.script("systemctl restart docker");
    expect(ids().filter((id) => !before.includes(id))).toHaveLength(1);
    expect(rules(docker01.exec("iptables-save -t nat").text)).toBe(
      [
        "*nat",
        ":DOCKER - [0:0]",
        "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
        "-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
        "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
        "-A POSTROUTING -s 172.30.0.0/16 ! -o br-un1 -j MASQUERADE",
        "-A DOCKER -i docker0 -j RETURN",
        "-A DOCKER -i br-un1 -j RETURN",
        "COMMIT",
      ].join("\n"),
    );
  });

  it("forgets a rule of userland-proxy off, as dockerd 20.10 does", async () => {
    const recorded = readFileSync(
      fileURLToPath(
        new URL("../oracle/port-mapping/after-proxy-off-and-on-again/iptables-save.txt", import.meta.url),
      ),
      "utf8",
    );
    const { docker01 } = single({ daemon: { "userland-proxy": false } }).machines;
    await docker01.script(`docker run -d --name api -p 5000:5000 test-image; rm ${DAEMON_JSON}`);
    await docker01.script("docker rm -f api; systemctl restart docker");
    const withoutRaw = rules(recorded).replace(/^\*raw\nCOMMIT\n/, "");
    expect(rules(docker01.exec("iptables-save").text)).toBe(withoutRaw.trimEnd());
    expect(docker01.exec("sysctl net.ipv4.conf.docker0.route_localnet").text).toBe(
      "net.ipv4.conf.docker0.route_localnet = 1",
    );
  });

  it("turns forwarding on again, which docker info and docker run had missed", async () => {
    const { docker01 } = single().machines;
    await docker01.script("sysctl -w net.ipv4.ip_forward=0");
    expect((await docker01.script("docker info")).stderr).toBe("WARNING: IPv4 forwarding is disabled\n");
    expect((await docker01.script("docker create test-image")).stderr).toBe(
      "WARNING: IPv4 forwarding is disabled. Networking will not work.\n",
    );
    await docker01.script("sysctl -w net.bridge.bridge-nf-call-iptables=0; systemctl restart docker");
    expect((await docker01.script("docker info")).stderr).toBe(
      "WARNING: bridge-nf-call-iptables is disabled\n",
    );
  });
});
