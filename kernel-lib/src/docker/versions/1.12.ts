import type { EngineVersion } from "./engine-version.js";

/** Docker 1.12, the engine of seed 003. */
export const V1_12: EngineVersion = {
  release: "1.12.6",
  client: {
    version: "1.12.6",
    api: "1.24",
    go: "go1.6.4",
    commit: "78d1802",
    built: "Tue Jan 10 20:38:45 2017",
    experimental: false,
  },
  server: {
    version: "1.12.6",
    api: "1.24",
    go: "go1.6.4",
    commit: "78d1802",
    built: "Tue Jan 10 20:38:45 2017",
    experimental: false,
    minimumApi: "1.12",
  },
  containerd: { version: "0.2.x", commit: "03e5862ec0d8d3b3f750e19fca3ee367e13c090e" },
  runc: { version: "1.0.0-rc2", commit: "50a19c6ff828c58e5dab13830bd3dacde268afe5" },
  init: { version: "0.13.0", commit: "949e6fa" },
  platform: "",
  messages: "20.10",
  mac: "address",
  gatewayModes: false,
  setsBroadcast: false,
  sizesBridges: false,
  internalRoute: true,
  poolsInTurn: false,
  clearsFlows: false,
  showsDefaultGateway: false,
  proxy: { path: "/usr/bin/docker-proxy", ipv6: false, passesSocket: false, options: [] },
  answersDnsFailures: false,
  namesAllContainers: false,
};
