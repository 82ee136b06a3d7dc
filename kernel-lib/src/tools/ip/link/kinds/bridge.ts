import { seconds } from "../../../../base/units.js";
import type { Bridge } from "../../../../link/bridge.js";
import { setDefaultPvid } from "../../../../link/default-pvid.js";
import type { Device } from "../../../../link/device.js";
import { ToolExit } from "../../../tool-exit.js";
import { invalidArgument, matches, readUnsigned, unsupported, type Words } from "../../words.js";
import { BRIDGE_USAGE } from "../usage.js";
import { printBridgeId } from "./bridge-id.js";
import { printBridgePort } from "./bridge-port.js";
import type { LinkKind } from "./kind.js";

/** Settings that may be given, when they say what holds anyway: they are accepted, anything else is refused. */
const FIXED: Readonly<Record<string, number>> = {
  forward_delay: 1500,
  hello_time: 200,
  max_age: 2000,
  stp_state: 0,
  priority: 32768,
  group_fwd_mask: 0,
  no_linklocal_learn: 0,
  vlan_filtering: 0,
  vlan_stats_enabled: 0,
  vlan_stats_per_port: 0,
  mcast_snooping: 1,
  nf_call_iptables: 0,
  nf_call_ip6tables: 0,
  nf_call_arptables: 0,
};

function readSettings(words: Words): (device: Device) => void {
  let ageing: number | null = null;
  let pvid: 0 | 1 | null = null;
  while (!words.done) {
    const name = words.next();
    if (matches(name, "help")) throw new ToolExit(1, BRIDGE_USAGE);
    const fixed = Object.keys(FIXED).find((key) => matches(name, key));
    if (matches(name, "ageing_time")) ageing = readValue(words, "ageing_time");
    else if (matches(name, "vlan_default_pvid")) pvid = readPvid(words);
    else if (fixed === undefined)
      throw new ToolExit(1, `bridge: unknown command "${name}"?\n${BRIDGE_USAGE}`);
    else if (readValue(words, fixed) !== FIXED[fixed])
      throw unsupported(`bridge setting "${fixed}" other than ${FIXED[fixed]}`);
  }
  return (device) => {
    const bridge = device as Bridge;
    if (ageing !== null) bridge.ageingTime = seconds(ageing) / 100;
    if (pvid !== null) setDefaultPvid(bridge, pvid);
  };
}

/** There are no VLANs but the first: it is the default one, or none is. */
function readPvid(words: Words): 0 | 1 {
  const value = readValue(words, "vlan_default_pvid");
  if (value !== 0 && value !== 1) throw unsupported('bridge setting "vlan_default_pvid" other than 0 and 1');
  return value;
}

function readValue(words: Words, name: string): number {
  const word = words.next();
  const value = readUnsigned(word);
  if (value === null) throw invalidArgument(word, `invalid ${name}`);
  return value;
}

/**
 * When the kernel next looks for aged entries, in seconds: it looks 0.1 s after the bridge is set up, and then once per ageing time (entries
 * that end sooner would make it look sooner; that is not modelled).
 */
export function garbageTimer(bridge: Bridge, now: number): number {
  if (!bridge.up || bridge.runningSince === null) return 0;
  const sinceFirst = now - bridge.runningSince - seconds(0.1);
  if (sinceFirst < 0) return -sinceFirst / 1e9;
  return (bridge.ageingTime - (sinceFirst % bridge.ageingTime)) / 1e9;
}

function printBridge(bridge: Bridge, now: number): string {
  const id = printBridgeId(bridge);
  const timer = (value: number): string => value.toFixed(2).padStart(7);
  return (
    `forward_delay 1500 hello_time 200 max_age 2000 ageing_time ${Math.round(bridge.ageingTime / 1e7)} stp_state ${bridge.stp ? 1 : 0} priority 32768 ` +
    `vlan_filtering 0 vlan_protocol 802.1Q bridge_id ${id} designated_root ${id} root_port 0 root_path_cost 0 ` +
    `topology_change 0 topology_change_detected 0 hello_timer ${timer(0)} tcn_timer ${timer(0)} topology_change_timer ${timer(0)} ` +
    `gc_timer ${timer(garbageTimer(bridge, now))} vlan_default_pvid ${bridge.defaultPvid} vlan_stats_enabled 0 vlan_stats_per_port 0 group_fwd_mask 0 ` +
    "group_address 01:80:c2:00:00:00 mcast_snooping 1 no_linklocal_learn 0 mcast_vlan_snooping 0 mcast_router 1 mcast_query_use_ifaddr 0 " +
    "mcast_querier 0 mcast_hash_elasticity 16 mcast_hash_max 4096 mcast_last_member_count 2 mcast_startup_query_count 2 " +
    "mcast_last_member_interval 100 mcast_membership_interval 26000 mcast_querier_interval 25500 mcast_query_interval 12500 " +
    "mcast_query_response_interval 1000 mcast_startup_query_interval 3125 mcast_stats_enabled 0 mcast_igmp_version 2 mcast_mld_version 1 " +
    "nf_call_iptables 0 nf_call_ip6tables 0 nf_call_arptables 0 "
  );
}

/** `type bridge`: of its settings the ageing time and the default VLAN can be changed here. */
export const bridgeKind: LinkKind = {
  device: "bridge",
  name: "bridge",
  namePattern: "bridge",
  mtuRange: [68, 65535],
  tsoMaxSize: 65536,
  parse(common, words) {
    const finish = readSettings(words);
    return { spec: { kind: "bridge", ...common }, finish };
  },
  change: (device, words) => readSettings(words)(device),
  details: (device, run) => printBridge(device as Bridge, run.now),
  portDetails: (port) => `bridge_slave ${printBridgePort(port)}`,
};
