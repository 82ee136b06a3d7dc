import type { EngineVersion } from "./engine-version.js";

/** Docker 17.05 CE, the engine of seed 000. */
export const V17_05: EngineVersion = {
  release: "17.05.0-ce",
  client: {
    version: "17.05.0-ce",
    api: "1.29",
    go: "go1.7.5",
    commit: "89658be",
    built: "Thu May  4 22:10:54 2017",
    experimental: false,
  },
  server: {
    version: "17.05.0-ce",
    api: "1.29",
    go: "go1.7.5",
    commit: "89658be",
    built: "Thu May  4 22:10:54 2017",
    experimental: false,
    minimumApi: "1.12",
  },
  containerd: { version: "0.2.x", commit: "9048e5e50717ea4497b757314bad98ea3763c145" },
  runc: { version: "1.0.0-rc2", commit: "9c2d8d184e5da67c95d601382adf14862e4f2228" },
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
