import type { EngineVersion } from "./engine-version.js";

/** Docker 17.09 CE, the engine of seed 002. */
export const V17_09: EngineVersion = {
  release: "17.09.0-ce",
  client: {
    version: "17.09.0-ce",
    api: "1.32",
    go: "go1.8.3",
    commit: "afdb6d4",
    built: "Tue Sep 26 22:42:18 2017",
    experimental: false,
  },
  server: {
    version: "17.09.0-ce",
    api: "1.32",
    go: "go1.8.3",
    commit: "afdb6d4",
    built: "Tue Sep 26 22:42:18 2017",
    experimental: false,
    minimumApi: "1.12",
  },
  containerd: { version: "0.2.x", commit: "06b9cb35161009dcb7123345749fef02f7cea8e0" },
  runc: { version: "1.0.0-rc4", commit: "3f2f8b84a77f73d38244dd690525642a72156c64" },
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
