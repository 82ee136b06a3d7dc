import type { Host } from "../../host/host.js";

/** Whether the machine runs under Windows in WSL's mirrored mode: it has that mode's device and WSL's own program (as moby looks for them). */
export function underMirroredWsl2(host: Host): boolean {
  return host.rootNetns.device("loopback0") !== undefined && host.files.exists("/usr/bin/wslinfo");
}
