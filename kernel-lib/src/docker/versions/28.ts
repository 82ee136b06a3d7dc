import type { EngineVersion } from "./engine-version.js";

/** Docker 28.2.2 (client as recorded; the engine's block from its release notes). */
export const V28: EngineVersion = {
  release: "28.2.2",
  client: {
    version: "28.2.2",
    api: "1.50",
    go: "go1.24.3",
    commit: "e6534b4",
    built: "Fri May 30 12:07:14 2025",
    experimental: false,
  },
  server: {
    version: "28.2.2",
    api: "1.50",
    go: "go1.24.3",
    commit: "45873be",
    built: "Fri May 30 12:07:14 2025",
    experimental: false,
    minimumApi: "1.24",
  },
  containerd: { version: "1.7.27", commit: "05044ec0a9a75232cad458027ca83437aae3f4da" },
  runc: { version: "1.2.5", commit: "v1.2.5-0-g59923ef" },
  init: { version: "0.19.0", commit: "de40ad0" },
  platform: "Docker Engine - Community",
  messages: "28",
  mac: "random",
  gatewayModes: true,
  setsBroadcast: true,
  sizesBridges: true,
  internalRoute: false,
  poolsInTurn: false,
  clearsFlows: true,
  showsDefaultGateway: true,
  proxy: { path: "/usr/bin/docker-proxy", ipv6: true, passesSocket: true, options: ["-use-listen-fd"] },
  answersDnsFailures: true,
  namesAllContainers: true,
};
