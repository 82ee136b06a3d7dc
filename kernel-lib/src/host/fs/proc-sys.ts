import { KernelError } from "../../base/errno.js";
import type { Host } from "../host.js";
import type { Directory, Inode, Viewer } from "./inode.js";
import type { InodeSource } from "./inode-source.js";
import { KERNEL_BUILD } from "./kernel-build.js";
import { generated, generatedDirectory } from "./nodes.js";

/** The parameters outside net.*, by dotted name: read, and write where the kernel allows it. */
interface KernelParameter {
  read(viewer: Viewer): string;
  readonly write?: (value: string, viewer: Viewer) => void;
}

function kernelParameters(host: Host): ReadonlyMap<string, KernelParameter> {
  return new Map<string, KernelParameter>([
    [
      "kernel.hostname",
      {
        read: (viewer) => (viewer.process?.uts ?? host.uts).hostname,
        write: (value, viewer) => {
          (viewer.process?.uts ?? host.uts).hostname = value;
        },
      },
    ],
    ["kernel.osrelease", { read: () => host.kernelRelease }],
    ["kernel.ostype", { read: () => "Linux" }],
    ["kernel.pid_max", { read: () => "4194304" }],
    ["kernel.version", { read: () => KERNEL_BUILD }],
  ]);
}

/** /proc/sys: the parameters of the viewer's network namespace, and a few of the kernel's own. */
export function procSys(host: Host, source: InodeSource): Directory {
  const kernel = kernelParameters(host);
  const names = (viewer: Viewer) => [...kernel.keys(), ...sysctlsOf(host, viewer).names()];
  const under = (prefix: string): Directory =>
    generatedDirectory(
      source,
      (viewer) => childrenOf(names(viewer), prefix),
      (name, viewer) => entry(`${prefix}${name}`, viewer),
    );
  const entry = (dotted: string, viewer: Viewer): Inode | null => {
    const all = names(viewer);
    if (all.includes(dotted)) return parameterFile(host, source, kernel, dotted);
    return all.some((name) => name.startsWith(`${dotted}.`)) ? under(`${dotted}.`) : null;
  };
  return under("");
}

function sysctlsOf(host: Host, viewer: Viewer) {
  return (viewer.process?.netns ?? host.rootNetns).sysctls;
}

function childrenOf(names: readonly string[], prefix: string): string[] {
  const children = new Set<string>();
  for (const name of names)
    if (name.startsWith(prefix)) children.add(name.slice(prefix.length).split(".")[0]!);
  return [...children].sort();
}

function parameterFile(
  host: Host,
  source: InodeSource,
  kernel: ReadonlyMap<string, KernelParameter>,
  name: string,
): Inode {
  const own = kernel.get(name);
  if (own !== undefined) {
    const write = own.write;
    return generated(
      source,
      (viewer) => `${own.read(viewer)}\n`,
      write === undefined ? {} : { write: (text, viewer) => write(text.trim(), viewer) },
    );
  }
  return generated(source, (viewer) => `${sysctlsOf(host, viewer).get(name) ?? ""}\n`, {
    write: (text, viewer) => {
      const value = text.trim();
      if (value === "") throw new KernelError("EINVAL");
      sysctlsOf(host, viewer).set(name, value);
    },
  });
}
