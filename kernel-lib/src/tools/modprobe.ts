import type { Process, Program } from "../host/process.js";
import type { TableName } from "../netfilter/tables.js";
import { loadBridgeNetfilter } from "../stack/bridge-netfilter.js";
import { getopt, optionComplaint } from "./options.js";
import { ToolExit, tool } from "./tool-exit.js";

/** Modules whose loading changes nothing here: what they bring is there from the start, or comes with its first use. */
const BUILT_IN: ReadonlySet<string> = new Set(
  "bridge veth dummy ip_tables nf_nat nf_conntrack nf_conntrack_netlink xt_conntrack xt_addrtype overlay vxlan".split(
    " ",
  ),
);

/** Of iptables' tables: a kernel before 4.6 then has the table in every namespace. */
const TABLE_MODULE = /^iptable_(filter|nat|mangle|raw|security)$/;

/** IPVS and its schedulers. */
const IPVS_MODULE = /^ip_vs(_(rr|wrr|lc|wlc|sed|nq|sh|dh|mh|fo|ovf))?$/;

/** `modprobe [-a] [-v] [-q] MODULE…`: br_netfilter makes the bridges call iptables. */
export const modprobe: Program = tool((process) => {
  const read = getopt(process.argv.slice(1), "avqr", { all: "a", verbose: "v", quiet: "q", remove: "r" });
  if ("error" in read) throw new ToolExit(1, optionComplaint("modprobe", read));
  if (read.options.some(([letter]) => letter === "r"))
    throw new ToolExit(1, "modprobe: -r is not supported here\n");
  for (const name of read.operands) load(process, name);
  return 0;
});

function load(process: Process, name: string): void {
  const module = name.replace(/-/g, "_");
  if (module === "br_netfilter") for (const netns of process.host.netnsList()) loadBridgeNetfilter(netns);
  else if (IPVS_MODULE.test(module)) void process.netns.ipvs;
  else if (TABLE_MODULE.test(module))
    process.host.tableModules?.load(TABLE_MODULE.exec(module)![1] as TableName);
  else if (!BUILT_IN.has(module))
    throw new ToolExit(
      1,
      `modprobe: FATAL: Module ${name} not found in directory /lib/modules/${process.host.kernelRelease}\n`,
    );
}
