import type { Host } from "../../kernel-lib/src/host/host.js";
import { addAddress } from "../../kernel-lib/src/stack/config/address.js";
import { createLink, setLink } from "../../kernel-lib/src/stack/config/link.js";
import type { Netns } from "../../kernel-lib/src/stack/netns.js";

/** A container by hand on a bridge of a machine: its namespace with eth0 at `address`/16. */
export function container(host: Host, bridge: string, address: number, index: number): Netns {
  const netns: Netns = host.createNetns(`c${index}`);
  const outer = createLink(host.rootNetns, {
    kind: "veth",
    name: `veth${index}`,
    peer: { name: "eth0", netns },
  });
  setLink(host.rootNetns, outer, { master: host.rootNetns.device(bridge)!, up: true });
  addAddress(netns, outer.link!, { address, prefix: 16 });
  setLink(netns, outer.link!, { up: true });
  return netns;
}
