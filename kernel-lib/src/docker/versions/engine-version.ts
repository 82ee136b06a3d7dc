/** What differs between releases of Docker, as data. */
export interface EngineVersion {
  readonly release: string;
  readonly client: ReleaseInfo;
  readonly server: ReleaseInfo & { readonly minimumApi: string };
  readonly containerd: { readonly version: string; readonly commit: string };
  readonly runc: { readonly version: string; readonly commit: string };
  readonly init: { readonly version: string; readonly commit: string };
  /** `Docker Engine - Community` in `docker version`; empty in a distribution's build. */
  readonly platform: string;
  /** How refusals read: `20.10` quotes the command and shows its purpose, `28` is terser. */
  readonly messages: "20.10" | "28";
  /** Containers and bridges have `02:42:` and their address (until 27), or random MACs (28). */
  readonly mac: "address" | "random";
  /** Bridge networks have gateway modes (from 27.1 on): nat, nat-unprotected, routed, isolated. */
  readonly gatewayModes: boolean;
  /** Interfaces get the broadcast address of their subnet (from 18.02 on). */
  readonly setsBroadcast: boolean;
  /** A bridge gets its network's MTU when it is made (from 26 on); before, only by its first port. */
  readonly sizesBridges: boolean;
  /** Containers of an internal network have a default route all the same, into the DROP rules (until 24). */
  readonly internalRoute: boolean;
  /** A default subnet that a removed network has given back comes round only after all others (18.09 to 27). */
  readonly poolsInTurn: boolean;
  /** Connections from before a container's ports were open are forgotten when they are opened (from 23 on). */
  readonly clearsFlows: boolean;
  /** `docker network inspect` shows the default bridge's gateway and EnableIPv4 (from 28). */
  readonly showsDefaultGateway: boolean;
  /** The embedded DNS answers SERVFAIL where no server outside did, and asks none from internal networks (from 25 on); before, the client waits in vain. */
  readonly answersDnsFailures: boolean;
  /** A container that was given no name is known to the embedded DNS by the one that the engine chose (from 25 on). */
  readonly namesAllContainers: boolean;
  readonly proxy: ProxyRelease;
}

/** How the daemon starts docker-proxy. */
export interface ProxyRelease {
  readonly path: string;
  /** `-p` without an address starts a second one, for IPv6 (from 20.10). */
  readonly ipv6: boolean;
  /** The daemon binds the port itself and hands the socket on (from 28). */
  readonly passesSocket: boolean;
  /** What stands behind the addresses on its command line. */
  readonly options: readonly string[];
}

export interface ReleaseInfo {
  readonly version: string;
  readonly api: string;
  readonly go: string;
  readonly commit: string;
  readonly built: string;
  readonly experimental: boolean;
}
