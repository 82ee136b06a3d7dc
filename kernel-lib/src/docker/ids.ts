import type { Random } from "../sim/random.js";
import { ADJECTIVES, SURNAMES } from "./name-words.js";

/** Ids, names and MACs of one engine, all from the lab's seed. */
export class IdSource {
  private readonly random: Random;
  private readonly names: Random;
  private readonly links: Random;

  constructor(random: Random, machine: string) {
    this.random = random.fork(`docker/${machine}/ids`);
    this.names = random.fork(`docker/${machine}/names`);
    this.links = random.fork(`docker/${machine}/links`);
  }

  /** 64 hex digits. Moby draws again while the first twelve are all decimal, so that no short id looks like a number (stringid.GenerateRandomID). */
  id(): string {
    let id = this.random.hex(64);
    while (/^[0-9]{12}/.test(id)) id = this.random.hex(64);
    return id;
  }

  /** `veth` and seven hex digits (netutils.GenerateIfaceName). */
  veth(): string {
    return `veth${this.links.hex(7)}`;
  }

  /** 02:42 and four random bytes: the bridge's own address (netutils.GenerateRandomMAC). */
  bridgeMac(): string {
    return macWith(this.links.hex(8));
  }

  /** `adjective_surname` (namesgenerator); a digit behind it from the second try on. */
  containerName(attempt: number): string {
    const name = `${this.pick(ADJECTIVES)}_${this.pick(SURNAMES)}`;
    if (name === "boring_wozniak") return this.containerName(attempt);
    return attempt > 0 ? `${name}${this.names.between(0, 9)}` : name;
  }

  private pick(words: readonly string[]): string {
    return words[this.names.between(0, words.length - 1)]!;
  }
}

function macWith(hex: string): string {
  return `02:42:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}:${hex.slice(6, 8)}`;
}

/** 02:42 and the four bytes of the IPv4 address (netutils.GenerateMACFromIP). */
export function macFromAddress(address: number): string {
  return macWith((address >>> 0).toString(16).padStart(8, "0"));
}

/** The first twelve digits. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
