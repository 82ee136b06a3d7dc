import type { Book } from "./html/cover-page.js";

/** What the cover says. */
export const THE_BOOK: Book = {
  title: "Hopbook",
  subtitle: "Container networking that runs: from one bridge to a swarm, one hop at a time.",
  about:
    "Each chapter is a notebook that builds a network of Linux machines in memory, types the commands that you would type, and follows a packet through every device, rule and table. You need no root, no Docker and no Internet.",
};
