import { InvalidArgumentError } from "commander";
import { type RealRedis, realRedis } from "../gateway/index.js";
import type { Lab } from "../lab/lab.js";

/** Where a gateway leads. */
export interface GatewayTarget {
  readonly host: string;
  readonly port: number;
}

/** `redis=127.0.0.1:6379`. */
export function gatewayTarget(text: string): GatewayTarget {
  const match = /^redis=([^:=]+):(\d{1,5})$/.exec(text);
  if (match === null || Number(match[2]) < 1 || Number(match[2]) > 65_535)
    throw new InvalidArgumentError("It is written redis=HOST:PORT.");
  return { host: match[1]!, port: Number(match[2]) };
}

/** Joins the real server to the lab; ends the program with a word when nobody is there. */
export async function openGateway(lab: Lab, { host, port }: GatewayTarget): Promise<RealRedis> {
  try {
    const connector = await realRedis(host, port);
    lab.gateway("redis", connector);
    return connector;
  } catch (error) {
    process.stderr.write(`hopbook: ${(error as Error).message}\n`);
    process.exit(1);
  }
}
