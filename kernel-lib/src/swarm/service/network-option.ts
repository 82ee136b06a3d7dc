import { splitOnce } from "../../docker/command/flags.js";
import { GoSyntaxError } from "../../docker/go/duration.js";
import { csvFields } from "./flag-values.js";

/** A network as `--network` names it, before it is looked up. */
export interface NamedNetwork {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly driverOptions: ReadonlyMap<string, string>;
}

/** `--network my-net`, `--network name=my-net,alias=web` (opts.NetworkOpt). Throws GoSyntaxError. */
export function parseNetworkOption(text: string): NamedNetwork {
  if (!/\w+=\w+(,\w+=\w+)*/.test(text)) return { name: text, aliases: [], driverOptions: new Map() };
  let name = "";
  const aliases: string[] = [];
  const driverOptions = new Map<string, string>();
  for (const field of csvFields(text)) {
    const [key, value] = splitOnce(field, "=");
    if (value === null) throw new GoSyntaxError(`invalid field ${field}`);
    switch (key.trim().toLowerCase()) {
      case "name":
        name = value.trim();
        break;
      case "alias":
        aliases.push(value.trim());
        break;
      case "driver-opt": {
        const [option, setting] = splitOnce(value.trim(), "=");
        if (setting === null) throw new GoSyntaxError("invalid key/value pair format in driver options");
        driverOptions.set(option.trim().toLowerCase(), setting.trim().toLowerCase());
        break;
      }
      default:
        throw new GoSyntaxError(`invalid field key ${key.trim().toLowerCase()}`);
    }
  }
  if (name === "") throw new GoSyntaxError("network name/id is not specified");
  return { name, aliases, driverOptions };
}
