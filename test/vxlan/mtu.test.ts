import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { normalise } from "../support/normalise.js";

const FOLDER = new URL("../oracle/vxlan/", import.meta.url);
const CURL =
  'docker exec test-a curl -s -m 6 -o /dev/null -w "%{http_code} %{size_download} bytes %{time_total}s\\n" 172.18.0.22:8000/big';
const ADDRESS = { a: "172.18.0.11", b: "172.18.0.22" } as const;

async function run(lab: Lab, machine: string, line: string): Promise<string> {
  const { stdout, stderr } = await lab.machine(machine).script(line);
  return stdout + stderr;
}

/** Two hosts with a tunnel by hand, the seed's commands, and a container of the test image on each. */
async function tunnel(options: { readonly mtu?: number } = {}): Promise<Lab> {
  const lab = Lab.preset("vxlan", { docker: "20.10", seed: 7 }) as unknown as Lab;
  for (const [host, remote] of [
    ["a", "192.168.56.102"],
    ["b", "192.168.56.101"],
  ] as const) {
    const own = options.mtu === undefined ? "" : `-o com.docker.network.driver.mtu=${options.mtu} `;
    for (const line of [
      `ip link add vxlan0 type vxlan id 10 remote ${remote} dstport 4789 dev enX0`,
      "ip link set vxlan0 up",
      `docker network create --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=vxlan-net ${own}vxlan-net`,
      "brctl addif vxlan-net vxlan0",
      `docker run -d --name test-${host} --net vxlan-net --ip ${ADDRESS[host]} test-image sleep 3600`,
    ])
      await run(lab, `host-${host}`, line);
  }
  return lab;
}

/** 20,000 bytes to fetch from the container on host-b; its own neighbour is known, as after the recording's ping. */
async function serveBig(lab: Lab): Promise<void> {
  await run(
    lab,
    "host-b",
    `docker exec test-b sh -c 'mkdir -p /www; head -c 20000 /dev/zero | tr "\\0" x > /www/big'; docker exec -d test-b httpd -f -p 8000 -h /www`,
  );
  await run(lab, "host-a", "docker exec test-a ping -c 1 172.18.0.22");
}

/** `nstat` shows these of /proc/net/snmp. */
function counters(lab: Lab, host: string): Record<string, number> {
  const { FragOKs, FragFails, FragCreates, ReasmReqds, ReasmOKs } =
    lab.machine(host).host.rootNetns.counters.ip;
  return { FragOKs, FragFails, FragCreates, ReasmReqds, ReasmOKs };
}

describe("containers of 1500 bytes over a tunnel of 1450, as recorded", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await tunnel();
  });

  it.each([
    ["1422", "ping-s-1422.txt"],
    ["1423", "ping-s-1423.txt"],
    ["1472", "ping-s-1472.txt"],
    ["1473", "ping-s-1473.txt"],
    ["1472 without DF", "ping-s-1472-without-DF.txt"],
  ])("ping of %s bytes", async (_, file) => {
    const text = readFileSync(new URL(`19-mtu-default-1500/${file}`, FOLDER), "utf8");
    const command = text.slice(2, text.indexOf("\n"));
    // What goes to standard error is compared behind the rest.
    const plain = (shown: string) =>
      normalise(shown)
        .replace(/time=[\d.]+ ms|time \d+ms|rtt .*/g, "TIME")
        .split("\n")
        .sort((a, b) => Number(a.startsWith("ping: local")) - Number(b.startsWith("ping: local")));
    expect(plain(await run(lab, "host-a", command))).toEqual(plain(text));
  });

  it("the devices have the recorded MTUs: the bridge follows its smallest port, the container does not", async () => {
    const mtus = (text: string) =>
      [...text.matchAll(/: ([\w-]+)(?:@\S+)?: .* (mtu \d+)/g)].map(([, name, mtu]) => [name, mtu]);
    const text = readFileSync(new URL("19-mtu-default-1500/mtu.txt", FOLDER), "utf8");
    expect(mtus(await run(lab, "host-a", text.slice(2, text.indexOf("\n"))))).toEqual(mtus(text));
  });

  it("what was too large and might be cut was cut, what might not failed at the bridge: a third of the recording's three rounds", () => {
    expect(counters(lab, "host-a")).toEqual({
      FragOKs: 4,
      FragFails: 4,
      FragCreates: 8,
      ReasmReqds: 4,
      ReasmOKs: 2,
    });
    expect(counters(lab, "host-b")).toEqual({
      FragOKs: 4,
      FragFails: 0,
      FragCreates: 8,
      ReasmReqds: 4,
      ReasmOKs: 2,
    });
  });
});

describe("20,000 bytes by HTTP over it", () => {
  const recorded = (file: string) =>
    normalise(readFileSync(new URL(file, FOLDER), "utf8"))
      .trimEnd()
      .replace(/[\d.]+s$/gm, "TIME");

  it("with the default offloads the tunnel tells the server 1450, in the client's name", async () => {
    const lab = await tunnel();
    await serveBig(lab);
    const capture = lab.machine("host-b").start("docker exec test-b tcpdump -n -i eth0");
    const shown = (await run(lab, "host-a", CURL)).trimEnd().replace(/[\d.]+s$/, "TIME");
    expect(recorded("20-tcp-big-five-runs.txt").split("\n")[0]).toContain(shown);
    const lines = String(capture.stop()).split("\n");
    expect(lines.filter((line) => line.includes("length 7240"))).not.toHaveLength(0);
    expect(
      lines.some((line) =>
        line.endsWith(
          "IP 172.18.0.11 > 172.18.0.22: ICMP 172.18.0.11 unreachable - need to frag (mtu 1450), length 556",
        ),
      ),
    ).toBe(true);
    expect(await run(lab, "host-b", "docker exec test-b ip route get 172.18.0.11")).toMatch(
      /^172\.18\.0\.11 dev eth0 src 172\.18\.0\.22 uid 0 \n {4}cache expires (59\d|600)sec mtu 1450 \n$/,
    );
  });

  it("without offloads in the container each full frame is dropped at the bridge, in silence", async () => {
    const lab = await tunnel();
    await serveBig(lab);
    for (const host of ["a", "b"])
      for (const feature of [
        "tso",
        "gso",
        "gro",
        "tx",
        "tx-udp_tnl-segmentation",
        "tx-udp_tnl-csum-segmentation",
      ])
        await run(
          lab,
          `host-${host}`,
          `nsenter -t $(docker inspect -f '{{.State.Pid}}' test-${host}) -n ethtool -K eth0 ${feature} off`,
        );
    const before = counters(lab, "host-b").FragFails!;
    const shown = (await run(lab, "host-a", CURL)).trimEnd().replace(/[\d.]+s$/, "TIME");
    expect(shown).toBe(recorded("20-tcp-big-container-offload-off/curl-20000-bytes.txt"));
    expect(counters(lab, "host-b").FragFails).toBeGreaterThan(before);
    expect(await run(lab, "host-b", "docker exec test-b ip route get 172.18.0.11")).toBe(
      normalise(
        readFileSync(
          new URL("20-tcp-big-container-offload-off/container-route-exceptions.txt", FOLDER),
          "utf8",
        ),
      ),
    );
  });

  it("with 1450 in the containers nobody needs to be told", async () => {
    const lab = await tunnel({ mtu: 1450 });
    await serveBig(lab);
    const capture = lab.machine("host-b").start("docker exec test-b tcpdump -n -i eth0");
    expect(await run(lab, "host-a", CURL)).toMatch(/^200 20000 bytes/);
    expect(String(capture.stop())).not.toContain("need to frag");
    expect(counters(lab, "host-a").FragFails).toBe(0);
  });
});

describe("an underlay that takes less than the tunnel thinks", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await tunnel();
    await run(lab, "host-a", "ip link set enX0 mtu 1400");
  });

  it("the tunnel's own MTU stays as it was", async () => {
    expect(await run(lab, "host-a", "ip link show vxlan0")).toContain("mtu 1450");
  });

  it("the first ping with DF is answered in the peer's name, the second fails at home; noted for ten minutes", async () => {
    const shown = await run(lab, "host-a", "docker exec test-a ping -M do -c 2 -W 1 -s 1323 172.18.0.22");
    expect(shown).toContain("From 172.18.0.22 icmp_seq=1 Frag needed and DF set (mtu = 1350)\n");
    expect(shown).toContain("ping: local error: message too long, mtu=1350\n");
    expect(shown).toContain("2 packets transmitted, 0 received, +2 errors, 100% packet loss");
    expect(await run(lab, "host-a", "docker exec test-a ip route get 172.18.0.22")).toMatch(/mtu 1350 $/m);
  });

  it("the host itself is told by its own tunnel too, while it is a port of a bridge", async () => {
    await run(lab, "host-a", "ip route flush cache");
    const shown = await run(lab, "host-a", "ping -M do -c 2 -W 1 -s 1400 172.18.0.22");
    expect(shown).toContain("From 172.18.0.22 icmp_seq=1 Frag needed and DF set (mtu = 1350)\n");
    expect(shown).toContain("2 packets transmitted, 0 received, +2 errors, 100% packet loss");
    expect(await run(lab, "host-a", "ip route get 172.18.0.22")).toMatch(/mtu 1350 $/m);
  });

  it("what fits passes, and so does what may be cut: the envelope goes in fragments", async () => {
    expect(await run(lab, "host-a", "docker exec test-a ping -M do -c 1 -s 1322 172.18.0.22")).toContain(
      " 0% packet loss",
    );
    await run(lab, "host-a", "docker exec test-a ip route flush cache");
    const before = counters(lab, "host-a").FragCreates!;
    expect(await run(lab, "host-a", "docker exec test-a ping -M dont -c 1 -s 1400 172.18.0.22")).toContain(
      " 0% packet loss",
    );
    expect(counters(lab, "host-a").FragCreates! - before).toBe(2);
  });
});

test.each([
  ["ip link set vxlan0 mtu 1451", "RTNETLINK answers: Invalid argument\n"],
  ["ip link set vxlan0 mtu 67", "Error: mtu less than device minimum.\n"],
  ["ip link set vxlan0 mtu 70000", "Error: mtu greater than device maximum.\n"],
  ["ip link set vxlan0 mtu 1450", ""],
  ["ip link set vxlan0 mtu 68", ""],
])("%s: the kernel's answer", async (command, complaint) => {
  const lab = Lab.preset("vxlan", { docker: "20.10", seed: 7 }) as unknown as Lab;
  await run(lab, "host-a", "ip link add vxlan0 type vxlan id 10 remote 192.168.56.102 dstport 4789 dev enX0");
  expect(await run(lab, "host-a", command)).toBe(complaint);
});

test.each([
  ["mtu 2000", "dev enX0", 1450],
  ["mtu 1300", "dev enX0", 1300],
  ["", "", 1500],
  ["mtu 9000", "", 9000],
])("ip link add vy %s type vxlan … %s comes up with %d", async (mtu, lower, expected) => {
  const lab = Lab.preset("vxlan", { docker: "20.10", seed: 7 }) as unknown as Lab;
  expect(
    await run(
      lab,
      "host-a",
      `ip link add vy ${mtu} type vxlan id 11 dstport 4789 remote 192.168.56.102 ${lower}`,
    ),
  ).toBe("");
  expect(await run(lab, "host-a", "ip link show vy")).toContain(` mtu ${expected} `);
});
