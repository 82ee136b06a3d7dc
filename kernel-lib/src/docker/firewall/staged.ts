import { classicPort, forwardRules, internalRules, natBase, natRules } from "./classic.js";
import { INGRESS_CLASSIC } from "./ingress.js";
import { bottom, type FirewallLayout, top } from "./layout.js";

const ONE = "DOCKER-ISOLATION-STAGE-1";
const TWO = "DOCKER-ISOLATION-STAGE-2";

/** 18 to 27: isolation in two stages, so that rules grow with the number of bridges and not with its square. */
export const LAYOUT_20_10: FirewallLayout = {
  chains: [
    ["filter", "DOCKER"],
    ["nat", "DOCKER"],
    ["filter", ONE],
    ["filter", TWO],
    ["filter", "DOCKER-USER"],
  ],
  closesForward: true,
  forgets: true,
  base: (settings) => [
    bottom("filter", ONE, "-j RETURN"),
    bottom("filter", TWO, "-j RETURN"),
    bottom("filter", "DOCKER-USER", "-j RETURN"),
    ...natBase(settings),
  ],
  bridge(bridge, settings) {
    const { device } = bridge;
    if (bridge.internal) return internalRules(bridge, ONE);
    return [
      ...natRules(bridge, settings),
      ...forwardRules(bridge, true),
      top("filter", ONE, `-i ${device} ! -o ${device} -j ${TWO}`),
      top("filter", TWO, `-o ${device} -j DROP`),
    ];
  },
  onTop: [top("filter", "FORWARD", `-j ${ONE}`), top("filter", "FORWARD", "-j DOCKER-USER")],
  ingress: INGRESS_CLASSIC,
  port: classicPort,
  endpoint: () => [],
};
