import { natBase } from "./classic.js";
import { bottom, type FirewallLayout, type FirewallRule, top } from "./layout.js";

/** 28: chains of their own for established connections, bridges and internal networks; containers are protected in the raw table from other ways in. */
export const LAYOUT_28: FirewallLayout = {
  chains: [
    ["filter", "DOCKER"],
    ["filter", "DOCKER-BRIDGE"],
    ["filter", "DOCKER-CT"],
    ["filter", "DOCKER-FORWARD"],
    ["filter", "DOCKER-INTERNAL"],
    ["filter", "DOCKER-USER"],
    ["nat", "DOCKER"],
  ],
  base: (settings) => [
    bottom("filter", "DOCKER-FORWARD", "-j DOCKER-CT"),
    bottom("filter", "DOCKER-FORWARD", "-j DOCKER-INTERNAL"),
    bottom("filter", "DOCKER-FORWARD", "-j DOCKER-BRIDGE"),
    ...natBase(settings),
  ],
  bridge({ device, subnet, internal, icc, masquerade }) {
    if (internal) {
      return [
        bottom("filter", "DOCKER-INTERNAL", `! -s ${subnet} -o ${device} -j DROP`),
        bottom("filter", "DOCKER-INTERNAL", `! -d ${subnet} -i ${device} -j DROP`),
        ...(icc ? [] : [bottom("filter", "DOCKER-INTERNAL", `-i ${device} -o ${device} -j DROP`)]),
      ];
    }
    const within: FirewallRule[] = icc
      ? []
      : [bottom("filter", "DOCKER-FORWARD", `-i ${device} -o ${device} -j DROP`)];
    return [
      ...(masquerade ? [top("nat", "POSTROUTING", `-s ${subnet} ! -o ${device} -j MASQUERADE`)] : []),
      bottom("filter", "DOCKER", `! -i ${device} -o ${device} -j DROP`),
      bottom("filter", "DOCKER-BRIDGE", `-o ${device} -j DOCKER`),
      bottom("filter", "DOCKER-CT", `-o ${device} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`),
      ...within,
      bottom(
        "filter",
        "DOCKER-FORWARD",
        icc ? `-i ${device} -j ACCEPT` : `-i ${device} ! -o ${device} -j ACCEPT`,
      ),
    ];
  },
  onTop: [top("filter", "FORWARD", "-j DOCKER-FORWARD"), top("filter", "FORWARD", "-j DOCKER-USER")],
  port: ({ device, protocol, hostAddress, hostPort, containerAddress, containerPort }) => [
    bottom(
      "nat",
      "DOCKER",
      `! -i ${device} -p ${protocol} -d ${hostAddress} --dport ${hostPort} -j DNAT --to-destination ${containerAddress}:${containerPort}`,
    ),
    top(
      "filter",
      "DOCKER",
      `-d ${containerAddress} ! -i ${device} -o ${device} -p ${protocol} --dport ${containerPort} -j ACCEPT`,
    ),
  ],
  endpoint: (device, address) => [bottom("raw", "PREROUTING", `-d ${address} ! -i ${device} -j DROP`)],
};
