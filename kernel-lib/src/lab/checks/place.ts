import { formatIpv4 } from "../../base/addresses.js";
import type { Netns } from "../../stack/netns.js";
import { shortName } from "../../trace/place-name.js";
import { Container } from "../container.js";
import type { Machine } from "../machine.js";
import { CheckFailure } from "./check-failure.js";

/** Where a probe starts or should arrive: a namespace of a machine. */
export interface Place {
  readonly machine: Machine;
  readonly netns: Netns;
  /** `host-a`, `web on host-a`. */
  readonly name: string;
  /** Pid of a container's first process; null for the machine itself. */
  readonly pid: number | null;
  /** Name of the container; null for the machine itself. */
  readonly container: string | null;
}

/** The place of a machine or container. Throws a CheckFailure for a container that does not run. */
export function placeOf(end: Machine | Container): Place {
  if (!(end instanceof Container)) {
    const { rootNetns: netns } = end.host;
    refuseNamesake(end, netns);
    return { machine: end, netns, name: end.name, pid: null, container: null };
  }
  const { machine, name } = end;
  const sandbox = machine.engine?.containers.tryFind(name)?.sandbox ?? null;
  if (sandbox === null)
    throw new CheckFailure(`a container “${name}” runs on ${machine.name}`, "it does not run", "");
  const { netns, process } = sandbox;
  refuseNamesake(machine, netns);
  return { machine, netns, name: `${shortName(name)} on ${machine.name}`, pid: process.pid, container: name };
}

/** A trace knows namespaces by name: with two of one name it could not be told which of them a packet has come to. */
function refuseNamesake({ host, name }: Machine, { label }: Netns): void {
  const count = host.netnsList().filter((netns) => netns.label === label).length;
  if (count > 1)
    throw new CheckFailure(
      `one network namespace of ${name} is named “${shortName(label)}”`,
      `${count} are; a check could not tell them apart`,
      "",
    );
}

/** Its first address that others can send to. Throws a CheckFailure when it has none. */
export function addressOf({ netns, name }: Place): string {
  for (const { kind, addresses } of netns.devices.values())
    if (kind !== "loopback" && addresses.length > 0) return formatIpv4(addresses[0]!.address);
  throw new CheckFailure(`${name} has an address`, "no device of it has one", "");
}

export function isAt(place: Place, event: { readonly machine: string; readonly netns: string }): boolean {
  return event.machine === place.machine.name && event.netns === place.netns.label;
}
