import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { filterRules, rulesByTable } from "../support/rules.js";

/** The listing, without its author's remarks. */
function listing(): string {
  const text = readFileSync(new URL("../oracle/seeds/002.txt", import.meta.url), "utf8");
  const start = text.indexOf("下面是 iptables");
  return text.slice(start, text.indexOf("ZYXW")).replace(/\s+（.*）$/gm, "");
}

/** Its author has shortened it by hand: the two hairpin rules name each other's container (172.17.0.3 with port 80, 172.17.0.2 with 8080). */
const GARBLED = /^-A POSTROUTING -s 172\.17\.0\.[23]\/32/;

describe("seed 002 in the lab of its version: three published services beside two containers of `-p`", () => {
  let lab: Lab;
  let ours = "";

  beforeAll(async () => {
    lab = Lab.preset("swarm", { docker: "17.09" }) as unknown as Lab;
    const { docker01 } = lab.machines as Record<"docker01", ReturnType<Lab["machine"]>>;
    for (const command of [
      "docker run -d -p 11111:80 alpine tail -f /dev/null",
      "docker run -d -p 11112:8080 alpine tail -f /dev/null",
      "docker service create --detach --name three -p 20003:8000 momijiame/greeting:1.0",
      "docker service create --detach --name two -p 20002:8000 momijiame/greeting:1.0",
      "docker service create --detach --name one -p 20001:8000 momijiame/greeting:1.0",
      "sleep 20",
      "ln -s /var/run/docker/netns /var/run/netns",
    ]) {
      const { status, stderr } = await docker01.script(command);
      expect([command, status, stderr]).toEqual([command, 0, ""]);
    }
    ours = docker01.exec("iptables-save").stdout;
  }, 120_000);

  it("has the listed rules in their order", () => {
    const keep = (rule: string) => !GARBLED.test(rule);
    const listed = filterRules(rulesByTable(listing()), keep);
    expect(Object.values(listed).flat()).toHaveLength(41 - 2);
    expect(filterRules(rulesByTable(ours), keep)).toEqual(listed);
  });

  it.each([
    ["docker network inspect ingress", /"Subnet": "10\.255\.0\.0\/16"/],
    ["docker network inspect docker_gwbridge", /"Subnet": "172\.18\.0\.0\/16"/],
    ["ip netns exec ingress_sbox ip a", /inet 10\.255\.0\.2\/16 .*eth0[\s\S]*inet 172\.18\.0\.2\/16 .*eth1/],
    [
      "ip netns exec ingress_sbox iptables -nL -t nat",
      /SNAT +all .* 10\.255\.0\.0\/16 .*ipvs to:10\.255\.0\.2/,
    ],
    [
      "ip netns exec ingress_sbox iptables -nL -t mangle",
      /(MARK +tcp .*dpt:2000[123] MARK set 0x10[012]\n){3}/,
    ],
    ["ip netns exec ingress_sbox ipvsadm -ln", /(FWM +25[678] rr\n {2}-> 10\.255\.0\.\d+:0 +Masq.*\n){3}/],
  ])("runs what it looks at: %s", (command, shown) => {
    expect(lab.machine("docker01").exec(command).stdout).toMatch(shown);
  });
});
