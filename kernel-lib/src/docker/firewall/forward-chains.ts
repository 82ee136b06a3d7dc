import { natBase, sourceRules } from "./classic.js";
import { INGRESS_28 } from "./ingress.js";
import {
  bottom,
  type FirewallBridge,
  type FirewallLayout,
  type FirewallPort,
  type FirewallRule,
  type FirewallSettings,
  top,
  unable,
  when,
} from "./layout.js";

const JUMPS = ["DOCKER-CT", "DOCKER-INTERNAL", "DOCKER-BRIDGE"].map((chain) =>
  bottom("filter", "DOCKER-FORWARD", `-j ${chain}`),
);

/** The newest internal network's DROPs are the first. */
function internalNetwork({ device, subnet, icc }: FirewallBridge): readonly FirewallRule[] {
  return [
    top("filter", "DOCKER-INTERNAL", `-i ${device} ! -d ${subnet} -j DROP`, unable("DROP INCOMING")),
    top("filter", "DOCKER-INTERNAL", `-o ${device} ! -s ${subnet} -j DROP`, unable("DROP OUTGOING")),
    bottom("filter", "DOCKER-FORWARD", `-i ${device} -o ${device} -j ${icc ? "ACCEPT" : "DROP"}`),
  ];
}

function network(bridge: FirewallBridge, settings: FirewallSettings): readonly FirewallRule[] {
  const { device, icc, gatewayMode } = bridge;
  const routed = gatewayMode === "routed";
  const rest = gatewayMode === "nat-unprotected" ? "ACCEPT" : "DROP";
  const known = "-m conntrack --ctstate RELATED,ESTABLISHED";
  return [
    ...sourceRules({ ...bridge, masquerade: bridge.masquerade && !routed }, settings),
    ...when(!icc, bottom("filter", "DOCKER-FORWARD", `-i ${device} -o ${device} -j DROP`)),
    ...when(routed, bottom("filter", "DOCKER", `-o ${device} -p icmp -j ACCEPT`)),
    bottom(
      "filter",
      "DOCKER-FORWARD",
      `-i ${device}${icc ? "" : ` ! -o ${device}`} -j ACCEPT`,
      unable(icc ? "ACCEPT OUTGOING" : "ACCEPT NON_ICC OUTGOING"),
    ),
    bottom("filter", "DOCKER", `! -i ${device} -o ${device} -j ${rest}`),
    bottom("filter", "DOCKER-CT", `-o ${device} ${known} -j ACCEPT`),
    bottom("filter", "DOCKER-BRIDGE", `-o ${device} -j DOCKER`),
  ];
}

/** A port of the machine that leads to the container's. On 127.0.0.0/8 the raw table keeps the LAN from it, which could send such packets over the wire. */
function translation(port: FirewallPort, settings: FirewallSettings): readonly FirewallRule[] {
  const { bridge, protocol, hostAddress, hostPort, containerAddress, containerPort } = port;
  const { userlandProxy, wsl2Mirrored = false } = settings;
  const here = `-p ${protocol} -d ${hostAddress} --dport ${hostPort}`;
  const loopback = hostAddress.startsWith("127.");
  const elsewhere = userlandProxy ? ` ! -i ${bridge.device}` : "";
  const to = `--to-destination ${containerAddress}:${containerPort}`;
  const itself = `-p ${protocol} -s ${containerAddress} -d ${containerAddress} --dport ${containerPort}`;
  return [
    ...when(loopback && wsl2Mirrored, bottom("raw", "PREROUTING", `${here} -i loopback0 -j ACCEPT`)),
    ...when(
      loopback,
      bottom("raw", "PREROUTING", `${here} ! -i lo -j DROP`, unable("LOOPBACK FILTERING - DROP")),
    ),
    bottom("nat", "DOCKER", `${here} -j DNAT ${to}${elsewhere}`, unable("DNAT")),
    ...when(!userlandProxy, bottom("nat", "POSTROUTING", `${itself} -j MASQUERADE`, unable("MASQUERADE"))),
  ];
}

function publish(port: FirewallPort, settings: FirewallSettings): readonly FirewallRule[] {
  const { bridge, protocol, hostPort, containerAddress, containerPort } = port;
  const { device, gatewayMode } = bridge;
  const open = `! -i ${device} -o ${device} -p ${protocol} -d ${containerAddress} --dport ${containerPort} -j ACCEPT`;
  return [
    ...(hostPort === null ? [] : translation(port, settings)),
    ...when(gatewayMode !== "nat-unprotected", top("filter", "DOCKER", open, unable("OPEN PORT"))),
  ];
}

/** 28: chains of their own for established connections, bridges and internal networks; containers are protected in the raw table from other ways in. */
export const LAYOUT_28: FirewallLayout = {
  chains: [
    ["nat", "DOCKER"],
    ["filter", "DOCKER"],
    ["filter", "DOCKER-FORWARD"],
    ["filter", "DOCKER-BRIDGE"],
    ["filter", "DOCKER-CT"],
    ["filter", "DOCKER-INTERNAL"],
    ["filter", "DOCKER-USER"],
  ],
  closesForward: true,
  forgets: false,
  base: (settings) => [
    ...natBase(settings),
    ...JUMPS,
    ...when(
      settings.userlandProxy && settings.wsl2Mirrored === true,
      top("nat", "DOCKER", "-i loopback0 -d 127.0.0.0/8 -j RETURN"),
    ),
  ],
  bridge: (bridge, settings) => (bridge.internal ? internalNetwork(bridge) : network(bridge, settings)),
  onTop: [top("filter", "FORWARD", "-j DOCKER-FORWARD"), top("filter", "FORWARD", "-j DOCKER-USER")],
  ingress: INGRESS_28,
  port: publish,
  endpoint: ({ device, internal, gatewayMode }, address) =>
    when(
      !internal && gatewayMode === "nat",
      bottom(
        "raw",
        "PREROUTING",
        `-d ${address} ! -i ${device} -j DROP`,
        unable("DIRECT ACCESS FILTERING - DROP"),
      ),
    ),
};
