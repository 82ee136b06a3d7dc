/**
 * `hopbook/gateway`: real servers of this machine, for {@link Lab.gateway}. In a folder of its own, because it opens sockets: `hopbook` itself runs in a browser, too.
 */
export type { GatewayConnector, GatewayEvents, GatewayLink } from "../apps/gateway/connector.js";
export { type RealRedis, realRedis } from "./real-redis.js";
