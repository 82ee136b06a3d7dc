import { ToolExit } from "../../../tool-exit.js";
import { type LinkKind, noPorts } from "./kind.js";

/** `type dummy`: a device that swallows what it sends. */
export const dummyKind: LinkKind = {
  device: "dummy",
  name: "dummy",
  namePattern: "dummy",
  mtuRange: [0, 0],
  tsoMaxSize: 65536,
  parse(common, words) {
    if (!words.done)
      throw new ToolExit(255, `Error: either "dev" is duplicate, or "${words.peek}" is a garbage.\n`);
    return { spec: { kind: "dummy", ...common } };
  },
  details: () => "",
  ...noPorts,
};
