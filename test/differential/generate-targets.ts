import type { Chooser } from "./chooser.js";
import type { Place } from "./generate-matches.js";

interface TargetMaker {
  readonly weight: number;
  readonly fits: (place: Place) => boolean;
  readonly make: (choose: Chooser, place: Place) => string;
}

const REJECTS = [
  "icmp-port-unreachable",
  "icmp-net-unreachable",
  "icmp-host-unreachable",
  "icmp-proto-unreachable",
  "icmp-net-prohibited",
  "icmp-host-prohibited",
  "icmp-admin-prohibited",
];

const only = (place: Place, hooks: readonly string[]) =>
  place.table === "nat" && place.hooks.every((hook) => hooks.includes(hook));
const hasPorts = ({ protocol }: Place) => protocol === "tcp" || protocol === "udp";

/**
 * One maker for each target that iptables has here. Ports that NAT draws come from {@link DRAWN_RANGES}.
 */
export const TARGET_MAKERS: Readonly<Record<string, TargetMaker>> = {
  REJECT: {
    weight: 10,
    fits: ({ table }) => table === "filter",
    make: (choose, { protocol }) =>
      `-j REJECT --reject-with ${protocol === "tcp" && choose.percent(60) ? "tcp-reset" : choose.one(...REJECTS)}`,
  },
  LOG: { weight: 2, fits: () => true, make: (choose) => `-j LOG --log-prefix ${choose.one("seen:", "a-")}` },
  MASQUERADE: {
    weight: 30,
    fits: (place) => only(place, ["POSTROUTING"]),
    make(choose, place) {
      const ports = hasPorts(place) && choose.percent(15) ? " --to-ports 20000-20010" : "";
      return `-j MASQUERADE${ports}${choose.percent(8) ? choose.one(" --random", " --random-fully") : ""}`;
    },
  },
  DNAT: {
    weight: 50,
    fits: (place) => only(place, ["PREROUTING", "OUTPUT"]),
    make(choose, place) {
      const plain = [
        "172.17.0.2",
        "172.17.0.3",
        "10.2.0.2",
        "10.1.0.2",
        "172.17.0.2-172.17.0.4",
        "10.1.0.1",
        "198.51.100.7",
      ];
      const withPorts = [
        "172.17.0.2:8080",
        "172.17.0.3:80",
        "172.17.0.4:5000",
        "10.2.0.2:6000-6003",
        "10.1.0.1:5353",
        ":8080",
        "172.17.0.2-172.17.0.3:6000-6003",
        "172.17.0.2:6000-6003/5000",
        "172.17.0.3:5000",
        "127.0.0.1:5000",
      ];
      const to = hasPorts(place) && choose.percent(70) ? choose.one(...withPorts) : choose.one(...plain);
      return `-j DNAT --to-destination ${to}${choose.percent(10) ? " --persistent" : ""}`;
    },
  },
  SNAT: {
    weight: 30,
    fits: (place) => only(place, ["POSTROUTING", "INPUT"]),
    make(choose, place) {
      const plain = [
        "10.1.0.1",
        "10.1.0.100",
        "10.2.0.1",
        "198.51.100.20-198.51.100.25",
        "172.17.0.1",
        "10.1.0.2",
      ];
      const withPorts = [":20000-20010", "10.1.0.1:20000-20010", "10.1.0.100:6100", "10.2.0.1:20000-20010"];
      const to = hasPorts(place) && choose.percent(40) ? choose.one(...withPorts) : choose.one(...plain);
      const flags = choose.percent(15) ? choose.one(" --random", " --random-fully", " --persistent") : "";
      return `-j SNAT --to-source ${to}${flags}`;
    },
  },
  REDIRECT: {
    weight: 14,
    fits: (place) => only(place, ["PREROUTING", "OUTPUT"]),
    make(choose, place) {
      if (!hasPorts(place) || choose.percent(25)) return "-j REDIRECT";
      return `-j REDIRECT --to-ports ${choose.one("5353", "8080", "5000", "6000-6003", "7000-7010 --random")}`;
    },
  },
  MARK: {
    weight: 7,
    fits: ({ table }) => table === "mangle" || table === "raw",
    make: (choose) =>
      `-j MARK ${choose.one("--set-mark 1", "--set-mark 2", "--set-xmark 0x1/0xff", "--or-mark 2", "--and-mark 1", "--xor-mark 3")}`,
  },
  CONNMARK: {
    weight: 5,
    fits: ({ table }) => table === "mangle",
    make: (choose) =>
      `-j CONNMARK ${choose.one("--set-mark 1", "--set-xmark 0x2/0x3", "--save-mark", "--restore-mark", "--save-mark --nfmask 0x1 --ctmask 0xff", "--or-mark 2", "--and-mark 2", "--restore-mark --mask 0x3")}`,
  },
  CT: { weight: 8, fits: ({ table }) => table === "raw", make: () => "-j CT --notrack" },
  TTL: {
    weight: 5,
    fits: ({ table }) => table === "mangle",
    make: (choose) =>
      `-j TTL ${choose.one("--ttl-set 1", "--ttl-set 64", "--ttl-inc 5", "--ttl-dec 1", "--ttl-dec 70", "--ttl-set 2")}`,
  },
};

/** Targets that no rule here has, and why. */
export const TARGETS_LEFT_OUT: Readonly<Record<string, string>> = {
  TRACE: "writes to the log of the whole machine, and decides nothing",
  NOTRACK: "saved as CT --notrack, which is there",
};

/** Verdicts, jumps to the chains that may be jumped to, extensions, or nothing at all. */
export function targetText(choose: Chooser, place: Place, chains: readonly string[]): string {
  const makers = Object.values(TARGET_MAKERS).filter(({ fits }) => fits(place));
  const drops = place.table === "nat" ? 0 : place.table === "filter" ? 8 : 2;
  const verdict = (weight: number, text: string): [number, () => string] => [weight, () => text];
  return choose.weighted<() => string>([
    verdict(8, "-j ACCEPT"),
    verdict(drops, "-j DROP"),
    verdict(5, "-j RETURN"),
    verdict(5, ""),
    [chains.length === 0 ? 0 : 14, () => `-j ${choose.one(...chains)}`],
    [chains.length === 0 ? 0 : 3, () => `-g ${choose.one(...chains)}`],
    ...makers.map(({ weight, make }): [number, () => string] => [weight, () => make(choose, place)]),
  ])();
}
