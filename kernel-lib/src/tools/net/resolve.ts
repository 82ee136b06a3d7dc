import type { Ipv4 } from "../../base/addresses.js";
import type { Process, Steps } from "../../host/process.js";
import { addressesOfName } from "../hosts-file.js";

/** One source of nsswitch.conf's `hosts:`: all addresses of a name, at once or in steps; none when it does not know the name. */
export type NameSource = (process: Process, name: string) => readonly Ipv4[] | Steps<readonly Ipv4[]>;

function literalOrHostsFile(process: Process, name: string): readonly Ipv4[] {
  const found = addressesOfName(process, name);
  return found.length === 0 && name === "localhost" ? [0x7f000001] : found;
}

/** Where names are looked up, in order (`hosts: files dns`). A DNS source belongs at the end. */
export const NAME_SOURCES: readonly NameSource[] = [literalOrHostsFile];

/** getaddrinfo for IPv4: the first source that knows the name answers. */
export function* resolve(
  process: Process,
  name: string,
  sources: readonly NameSource[] = NAME_SOURCES,
): Steps<readonly Ipv4[]> {
  for (const source of sources) {
    const answer = source(process, name);
    const addresses = "next" in answer ? yield* answer : answer;
    if (addresses.length > 0) return addresses;
  }
  return [];
}
