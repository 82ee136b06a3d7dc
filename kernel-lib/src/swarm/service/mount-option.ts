import { splitOnce } from "../../docker/command/flags.js";
import { GoSyntaxError } from "../../docker/go/duration.js";
import type { Mount } from "../model/service.js";
import { csvFields } from "./flag-values.js";

const UNSUPPORTED = /^(bind-|volume-|tmpfs-|consistency$)/;

/** `--mount type=volume,source=data,target=/data` (opts.MountOpt). Throws GoSyntaxError. */
export function parseMount(text: string): Mount {
  const mount = { type: "volume", source: "", target: "", readOnly: false };
  for (const field of csvFields(text)) {
    const [key, value] = splitOnce(field, "=");
    const name = key.toLowerCase();
    if (value === null) {
      if (name !== "readonly" && name !== "ro")
        throw new GoSyntaxError(`invalid field '${field}' must be a key=value pair`);
      mount.readOnly = true;
    } else if (name === "type") mount.type = value.toLowerCase();
    else if (name === "source" || name === "src") mount.source = value;
    else if (name === "target" || name === "dst" || name === "destination") mount.target = value;
    else if (name === "readonly" || name === "ro") mount.readOnly = value === "true" || value === "1";
    else if (UNSUPPORTED.test(name)) throw new GoSyntaxError(`${key} is not supported here`);
    else throw new GoSyntaxError(`unexpected key '${key}' in '${field}'`);
  }
  if (mount.target === "") throw new GoSyntaxError("target is required");
  return mount as Mount;
}
