import { spawnSync } from "node:child_process";

const PROGRAMS = ["python3", "ip", "bridge", "brctl", "iptables-legacy", "conntrack", "ping", "nc"];

const TRIAL =
  "ip link add v type vxlan id 1 dstport 4789 && ip link add br0 type bridge && iptables-legacy -t nat -L -n && conntrack -L && test -e /proc/sys/net/bridge/bridge-nf-call-iptables";

/** Root on a Linux machine with VXLAN, the kernel's bridge netfilter, and the real tools. */
export function requirement(): { readonly met: boolean; readonly reason: string } {
  const missing = PROGRAMS.filter((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status !== 0);
  if (missing.length > 0) return { met: false, reason: `not installed: ${missing.join(", ")}` };
  const { status, stderr } = spawnSync(
    "unshare",
    ["--net", "--mount", "--pid", "--fork", "sh", "-c", TRIAL],
    {
      encoding: "utf8",
    },
  );
  const why = (stderr ?? "").trim().split("\n").at(-1) ?? "";
  return { met: status === 0, reason: `no namespaces with real tunnels can be made (${why})` };
}
