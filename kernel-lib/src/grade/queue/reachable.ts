import { Redis } from "ioredis";

/** Milliseconds in which a Redis must answer at the start. */
const PATIENCE = 5000;

/** Throws, in words, where no Redis answers at an address. Later a connection that breaks is made again without end. */
export async function reachable(url: string): Promise<void> {
  if (!/^rediss?:\/\//.test(url))
    throw new Error(`“${url}” is not the address of a Redis: redis://HOST:PORT`);
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: PATIENCE,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let reason = "no answer";
  redis.on("error", (error: Error) => {
    reason = error.message || reason;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw new Error(`no Redis answers at ${withoutPassword(url)}: ${reason || (error as Error).message}`);
  } finally {
    redis.disconnect();
  }
}

const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, "//");
