import type { DockerVersion } from "../docker/versions/version.js";

/** What stands on a machine beside the Docker engine. */
export interface System {
  readonly iptablesRelease: string;
  readonly kernelRelease: string;
}

const DEBIAN_12: System = { iptablesRelease: "1.8.9", kernelRelease: "6.1.0-31-amd64" };

/**
 * What stood beside an engine in its year. 1.12: boot2docker, with the iptables that its recorded listing names. The next two: Ubuntu 16.04's kernel, as the seed says, and
 * iptables as distributions of their year had it. Then Debian 12's, as recorded.
 */
export const SYSTEMS: Readonly<Record<DockerVersion, System>> = {
  "1.12": { iptablesRelease: "1.4.21", kernelRelease: "4.4.41-boot2docker" },
  "17.05": { iptablesRelease: "1.6.0", kernelRelease: "4.4.0-87-generic" },
  "17.09": { iptablesRelease: "1.6.1", kernelRelease: "4.4.0-98-generic" },
  "20.10": DEBIAN_12,
  "28": DEBIAN_12,
};
