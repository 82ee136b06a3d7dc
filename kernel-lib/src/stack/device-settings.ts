import { ms, seconds } from "../base/units.js";
import { DEFAULT_NEIGHBOUR_PARAMETERS, type NeighbourParameters } from "../route/neighbour-parameters.js";

/** net.ipv4.conf.DEV.* as numbers, for the packet path (ipv4_devconf). Names are those of the sysctls. */
export class DeviceSettings {
  accept_local = 0;
  arp_announce = 0;
  arp_ignore = 0;
  arp_notify = 0;
  forwarding = 0;
  promote_secondaries = 0;
  proxy_arp = 0;
  route_localnet = 0;
  rp_filter = 0;
  send_redirects = 1;
  neighbour: NeighbourParameters = DEFAULT_NEIGHBOUR_PARAMETERS;
}

export type DeviceSetting = Exclude<keyof DeviceSettings, "neighbour">;

const SETTINGS: ReadonlySet<string> = new Set(
  Object.keys(new DeviceSettings()).filter((name) => name !== "neighbour"),
);

/** Whether the packet path reads this setting. */
export function isDeviceSetting(name: string): name is DeviceSetting {
  return SETTINGS.has(name);
}

/** A neighbour setting by its sysctl name, in the sysctl's own unit, put into the parameters. Unknown ones change nothing. */
export function withNeighbourSetting(
  old: NeighbourParameters,
  name: string,
  value: number,
): NeighbourParameters {
  switch (name) {
    case "base_reachable_time":
      return { ...old, baseReachableTime: seconds(value) };
    case "base_reachable_time_ms":
      return { ...old, baseReachableTime: ms(value) };
    case "delay_first_probe_time":
      return { ...old, delayFirstProbe: seconds(value) };
    case "retrans_time_ms":
      return { ...old, retransmit: ms(Math.max(value, 10)) };
    case "retrans_time":
    case "locktime":
      return name === "locktime"
        ? { ...old, lockTime: ms(value * 10) }
        : { ...old, retransmit: ms(value * 10) };
    case "ucast_solicit":
      return { ...old, unicastProbes: value };
    case "mcast_solicit":
      return { ...old, multicastProbes: value };
    case "unres_qlen":
      return { ...old, queueLength: value };
    case "gc_stale_time":
      return { ...old, staleTime: seconds(value) };
    default:
      return old;
  }
}
