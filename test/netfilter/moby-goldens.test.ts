import { expect, test } from "vitest";
import { Firewall } from "../../kernel-lib/src/docker/firewall/firewall.js";
import type { FirewallBridge, GatewayMode } from "../../kernel-lib/src/docker/firewall/layout.js";
import { FIREWALL_LAYOUTS } from "../../kernel-lib/src/docker/firewall/layouts.js";
import { Host } from "../../kernel-lib/src/host/host.js";
import { MACHINE_PROGRAMS } from "../../kernel-lib/src/tools/tool-table.js";
import { World } from "../../kernel-lib/src/trace/world.js";
import { describeCorpus } from "../support/corpora.js";
import { chainsByTable, filterRules, rulesByTable } from "../support/rules.js";
import { DockerLab } from "./docker-lab.js";

/** What the name of a golden file says. */
interface Golden {
  readonly cleaned: boolean;
  readonly hairpin: boolean;
  readonly wsl2Mirrored: boolean;
  readonly loopback: boolean;
  readonly bridge: FirewallBridge;
}

function readName(file: string): Golden {
  const words = file.replace("__iptables.golden", "").split(",");
  const value = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
  const is = (key: string) => value(key) === "true";
  return {
    cleaned: words.includes("cleaned"),
    hairpin: is("hairpin"),
    wsl2Mirrored: is("wsl2mirrored"),
    loopback: is("bindlh"),
    bridge: {
      device: "br-dummy",
      subnet: "192.168.0.0/24",
      internal: is("internal"),
      icc: is("icc"),
      masquerade: is("masq"),
      hostAddress: is("snat") ? "192.168.123.0" : null,
      gatewayMode: (value("gwm") ?? "nat") as GatewayMode,
    },
  };
}

/** iptables-save after the commands that the layout issues for one network, one container and one port. */
function play({ cleaned, hairpin, wsl2Mirrored, loopback, bridge }: Golden): string {
  const host = new Host(new World(1), "host", { programs: MACHINE_PROGRAMS });
  const firewall = new Firewall(FIREWALL_LAYOUTS["28"], { userlandProxy: !hairpin, wsl2Mirrored });
  const run = (argv: readonly string[]) => {
    const result = host.run(argv);
    if (result.status !== 0) throw new Error(`${argv.join(" ")}: ${result.stderr}`);
    return result.stdout;
  };
  const port = {
    bridge,
    protocol: "tcp",
    hostAddress: loopback ? "127.0.0.1" : "0/0",
    hostPort: "8080",
    containerAddress: "192.168.0.2",
    containerPort: "80",
  } as const;
  // An internal network publishes nothing.
  const ports = bridge.internal ? [] : [port];
  const made = [
    ...firewall.start(true, bridge),
    ...firewall.addEndpoint(bridge, "192.168.0.2"),
    ...ports.flatMap((one) => firewall.addPort(one)),
  ];
  const taken = [
    ...ports.flatMap((one) => firewall.removePort(one)),
    ...firewall.removeEndpoint(bridge, "192.168.0.2"),
    ...firewall.removeBridge(bridge.device),
  ];
  for (const { argv } of cleaned ? [...made, ...taken] : made) run(argv);
  return run(["iptables-save"]);
}

const NO_ENGINE = "no__iptables.golden";

/** moby tests this part of the engine alone; DOCKER-USER comes from another. */
const notUser = (line: string) => !line.includes("DOCKER-USER");

describeCorpus("moby's goldens of release 28", "moby-iptabler", ({ files, read }) => {
  test("there are as many as moby has combinations", () => {
    expect(files.length).toBe(181);
  });

  test(`${NO_ENGINE}: a machine without an engine has no rules`, () => {
    expect(rulesByTable(read(NO_ENGINE))).toEqual({});
    expect(new Host(new World(1), "host", { programs: MACHINE_PROGRAMS }).run(["iptables-save"]).stdout).toBe(
      "",
    );
  });

  test.each(files.filter((file) => file !== NO_ENGINE))("%s", (file) => {
    const ours = play(readName(file));
    const golden = read(file);
    expect(filterRules(rulesByTable(ours), notUser)).toEqual(rulesByTable(golden));
    const { raw: _, ...chains } = chainsByTable(golden);
    expect(filterRules(chainsByTable(ours), notUser)).toMatchObject(chains);
  });

  test.each(files.filter((file) => file !== NO_ENGINE && reachable(readName(file))))(
    "by docker's commands: %s",
    (file) => {
      const { bridge, hairpin, loopback, wsl2Mirrored } = readName(file);
      const lab = new DockerLab("28", {
        ...(wsl2Mirrored ? { before: makeMirrored } : {}),
        ...(hairpin ? { daemon: { "userland-proxy": false } } : {}),
      });
      lab.run(createCommand(bridge));
      lab.run(
        `docker run -d --network dummy -p ${loopback ? "127.0.0.1:" : ""}8080:80 alpine tail -f /dev/null`,
      );
      const ours = filterRules(
        rulesByTable(lab.run("iptables-save")),
        (rule) => notUser(rule) && !/docker0|172\.17\./.test(rule),
      );
      expect(ours).toEqual(rulesByTable(read(file)));
    },
  );
});

/** Goldens that a docker command leads to: moby's own test publishes a port in a routed network too, which the engine never does. */
function reachable({ cleaned, bridge }: Golden): boolean {
  return !cleaned && bridge.gatewayMode !== "routed";
}

function makeMirrored(host: Host): void {
  host.run(["ip", "link", "add", "loopback0", "type", "dummy"]);
  host.files.write("/usr/bin/wslinfo", "");
}

function createCommand({ internal, icc, masquerade, hostAddress, gatewayMode }: FirewallBridge): string {
  const options = [
    "com.docker.network.bridge.name=br-dummy",
    `com.docker.network.bridge.enable_icc=${icc}`,
    `com.docker.network.bridge.enable_ip_masquerade=${masquerade}`,
    `com.docker.network.bridge.gateway_mode_ipv4=${gatewayMode}`,
    ...(hostAddress === null ? [] : [`com.docker.network.host_ipv4=${hostAddress}`]),
  ];
  const words = ["docker network create --subnet 192.168.0.0/24", ...options.map((option) => `-o ${option}`)];
  return [...words, ...(internal ? ["--internal"] : []), "dummy"].join(" ");
}
