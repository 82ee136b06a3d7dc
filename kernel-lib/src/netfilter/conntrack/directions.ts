/** Directions of a connection: as its first packet went, and back. */
export const ORIGINAL = 0;
export const REPLY = 1;
