import type { SwarmIds } from "./swarm-ids.js";

/** Length of the digest of the swarm's root certificate in base 36, and of a secret. */
const DIGEST_LENGTH = 50;
const SECRET_LENGTH = 25;

/** `SWMTKN-1-DIGEST-SECRET`: the first says that it is the right swarm, the second what a node may join as (swarmkit's ca.GenerateJoinToken). */
export interface JoinToken {
  readonly digest: string;
  readonly secret: string;
}

/** Null when the text is no token (ca.ParseJoinToken). */
export function parseToken(text: string): JoinToken | null {
  const match = new RegExp(`^SWMTKN-1-([0-9a-z]{${DIGEST_LENGTH}})-([0-9a-z]{${SECRET_LENGTH}})$`).exec(text);
  return match === null ? null : { digest: match[1]!, secret: match[2]! };
}

export function formatToken({ digest, secret }: JoinToken): string {
  return `SWMTKN-1-${digest}-${secret}`;
}

/** A new digest; there are no certificates, so it stands for one of a certificate that is never made. */
export function newDigest(ids: SwarmIds): string {
  return BigInt(`0x${ids.hex(64)}`)
    .toString(36)
    .padStart(DIGEST_LENGTH, "0");
}

export function newSecret(ids: SwarmIds): string {
  return ids.text(SECRET_LENGTH);
}

/** The digest in hexadecimal, as the daemon shows it. */
export function fingerprint({ digest }: JoinToken): string {
  let value = 0n;
  for (const digit of digest) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return value.toString(16).padStart(64, "0");
}
