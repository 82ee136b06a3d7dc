import { spawnSync } from "node:child_process";

const TRIAL =
  "ip link add br0 type bridge && iptables-legacy -t nat -L -n && iptables-legacy-restore --version && conntrack -L && test -e /proc/sys/net/bridge/bridge-nf-call-iptables";

/** Root on a Linux machine with legacy iptables, conntrack, iproute2, Python and the kernel's bridge netfilter. */
export function requirement(): { readonly met: boolean; readonly reason: string } {
  const python = spawnSync("python3", ["--version"], { stdio: "ignore" });
  if (python.status !== 0) return { met: false, reason: "python3 is not installed" };
  const { status, stderr } = spawnSync("unshare", ["--net", "sh", "-c", TRIAL], { encoding: "utf8" });
  const why = (stderr ?? "").trim().split("\n").at(-1) ?? "";
  return { met: status === 0, reason: `no namespace with real iptables can be made (${why})` };
}
