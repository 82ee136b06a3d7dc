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
  return ids.text(DIGEST_LENGTH);
}

export function newSecret(ids: SwarmIds): string {
  return ids.text(SECRET_LENGTH);
}
