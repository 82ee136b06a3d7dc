/** Values over others that are shared and never change: what is set here hides what is below. */
class Layer {
  private own: Map<string, string> | null = null;

  constructor(private readonly base: ReadonlyMap<string, string>) {}

  get(name: string): string | undefined {
    return this.own?.get(name) ?? this.base.get(name);
  }

  set(name: string, value: string): void {
    this.own ??= new Map();
    this.own.set(name, value);
  }

  names(): Iterable<string> {
    return this.own === null ? this.base.keys() : new Set([...this.base.keys(), ...this.own.keys()]);
  }

  /** What it is now, to build others on. */
  frozen(): ReadonlyMap<string, string> {
    return this.own === null ? this.base : new Map([...this.base, ...this.own]);
  }
}

/** A device's setting taken apart: `net.ipv4.conf.eth0.rp_filter` is `net.ipv4.conf.*.rp_filter` of the group eth0. */
interface Place {
  readonly group: string;
  readonly name: string;
}

/**
 * The texts under /proc/sys/net of one namespace. Some hundred settings for each device and each namespace are nearly always as they were at first, so these share
 * them: a lab of 200 hosts would hold half a million texts.
 */
export class SysctlValues {
  private readonly general: Layer;
  private readonly groups = new Map<string, Layer>();
  /** What a new device begins with; null after a change of `default`. */
  private forDevices: ReadonlyMap<string, string> | null = null;

  /** `all` and `defaults` are named with `*` in place of the group. */
  constructor(
    general: ReadonlyMap<string, string>,
    all: ReadonlyMap<string, string>,
    defaults: ReadonlyMap<string, string>,
  ) {
    this.general = new Layer(general);
    this.groups.set("all", new Layer(all));
    this.groups.set("default", new Layer(defaults));
  }

  get(name: string): string | undefined {
    const value = this.general.get(name);
    if (value !== undefined) return value;
    const place = placeOf(name);
    return place === null ? undefined : this.groups.get(place.group)?.get(place.name);
  }

  /** Sets a value that there is already, or a new one that is of no group. */
  set(name: string, value: string): void {
    const place = placeOf(name);
    const group = place === null ? undefined : this.groups.get(place.group);
    if (place === null || group?.get(place.name) === undefined) {
      this.general.set(name, value);
      return;
    }
    group.set(place.name, value);
    if (place.group === "default") this.forDevices = null;
  }

  names(): string[] {
    const names = [...this.general.names()];
    for (const [key, group] of this.groups)
      for (const name of group.names()) names.push(name.replace("*", () => key));
    return names;
  }

  /** `all`, `default` and the devices. */
  get groupNames(): Iterable<string> {
    return this.groups.keys();
  }

  /** A device has come: it has what `default` says now. */
  addGroup(key: string): void {
    this.forDevices ??= this.groups.get("default")!.frozen();
    this.groups.set(key, new Layer(this.forDevices));
  }

  removeGroup(key: string): void {
    this.groups.delete(key);
  }

  renameGroup(from: string, to: string): void {
    const group = this.groups.get(from);
    if (group === undefined) return;
    this.groups.delete(from);
    this.groups.set(to, group);
  }
}

function placeOf(name: string): Place | null {
  if (!name.startsWith("net.ipv")) return null;
  const kind = name.indexOf(".", "net.ipv4.".length);
  const end = kind < 0 ? -1 : name.indexOf(".", kind + 1);
  if (
    end < 0 ||
    (!name.startsWith("conf", "net.ipv4.".length) && !name.startsWith("neigh", "net.ipv4.".length))
  )
    return null;
  return { group: name.slice(kind + 1, end), name: `${name.slice(0, kind + 1)}*${name.slice(end)}` };
}
