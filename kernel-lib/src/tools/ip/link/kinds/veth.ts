import { ToolExit } from "../../../tool-exit.js";
import { netlinkPeerNamespace } from "../../netns.js";
import { matches } from "../../words.js";
import { parseLinkOptions } from "../parse-options.js";
import { VETH_USAGE } from "../usage.js";
import { type LinkKind, noPorts } from "./kind.js";

/** `type veth [peer [name] NAME [netns NS] [address MAC] [mtu N]]`: a pair of devices. */
export const vethKind: LinkKind = {
  device: "veth",
  name: "veth",
  namePattern: "veth",
  mtuRange: [68, 65535],
  tsoMaxSize: 524280,
  parse(common, words, run) {
    if (words.done) return { spec: { kind: "veth", ...common } };
    if (!matches(words.peek, "peer") || matches(words.peek, "help")) throw new ToolExit(1, "", VETH_USAGE);
    words.next();
    const peer = parseLinkOptions(words, run);
    const netns = peer.netns === undefined ? undefined : netlinkPeerNamespace(run, peer.netns);
    return {
      spec: {
        kind: "veth",
        ...common,
        peer: {
          ...(peer.name === undefined ? {} : { name: peer.name }),
          ...(netns === undefined ? {} : { netns }),
          ...(peer.change.mac === undefined ? {} : { mac: peer.change.mac }),
          ...(peer.change.mtu === undefined ? {} : { mtu: peer.change.mtu }),
        },
      },
    };
  },
  details: () => "",
  ...noPorts,
};
