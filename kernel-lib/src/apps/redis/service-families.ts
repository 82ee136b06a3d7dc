import { aclFamily } from "./commands/acl.js";
import { blockingFamily } from "./commands/blocking.js";
import { clientFamily } from "./commands/client.js";
import { configFamily } from "./commands/config.js";
import { connectionFamily } from "./commands/connection.js";
import { infoFamily } from "./commands/info.js";
import { monitorFamily } from "./commands/monitor.js";
import { pubsubFamily } from "./commands/pubsub.js";
import { serverFamily } from "./commands/server.js";
import { streamsFamily } from "./commands/streams.js";
import { transactionsFamily } from "./commands/transactions.js";
import type { FamilyMaker } from "./family.js";

/** The families that concern clients and the server rather than data. Their gates ask for the password first, and gather transactions last. */
export const SERVICE_FAMILIES: readonly FamilyMaker[] = [
  connectionFamily,
  clientFamily,
  pubsubFamily,
  transactionsFamily,
  monitorFamily,
  aclFamily,
  configFamily,
  infoFamily,
  serverFamily,
  blockingFamily,
  streamsFamily,
];
