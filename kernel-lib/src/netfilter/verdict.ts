/** What a rule's target decides. Numbers, for the hot path. */
export const DROP = 0;
export const ACCEPT = 1;
/** End of this chain: the calling chain goes on after the jump. */
export const RETURN = 2;
/** The next rule of the same chain. */
export const CONTINUE = 3;
