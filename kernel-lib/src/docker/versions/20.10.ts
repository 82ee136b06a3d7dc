import type { EngineVersion } from "./engine-version.js";

/** Debian 12's docker.io, recorded from the real engine. */
export const V20_10: EngineVersion = {
  release: "20.10.24+dfsg1",
  client: {
    version: "20.10.24+dfsg1",
    api: "1.41",
    go: "go1.19.8",
    commit: "297e128",
    built: "Thu May  7 21:09:36 2026",
    experimental: true,
  },
  server: {
    version: "20.10.24+dfsg1",
    api: "1.41",
    go: "go1.19.8",
    commit: "5d6db84",
    built: "Thu May  7 21:09:36 2026",
    experimental: false,
    minimumApi: "1.12",
  },
  containerd: { version: "1.6.20~ds1", commit: "1.6.20~ds1-1+deb12u3" },
  runc: { version: "1.1.5+ds1", commit: "1.1.5+ds1-1+deb12u1" },
  init: { version: "0.19.0", commit: "" },
  platform: "",
  messages: "20.10",
  mac: "address",
  gatewayModes: false,
  setsBroadcast: true,
  sizesBridges: false,
  internalRoute: true,
  poolsInTurn: true,
  clearsFlows: false,
  showsDefaultGateway: false,
  proxy: { path: "/usr/sbin/docker-proxy", ipv6: true, passesSocket: false, options: [] },
  answersDnsFailures: false,
  namesAllContainers: false,
};
