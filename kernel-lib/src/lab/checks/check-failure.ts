/** Longest part of a message, in characters. */
const LONGEST = 2000;

/** Characters that a terminal or a page would obey: controls but for the line's end, and those that turn the direction of writing. */
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A check does not hold. The lab is as the check's probes have left it. Words from the lab (a rule's comment, a page) are shown, never obeyed. */
export class CheckFailure extends Error {
  readonly expected: string;
  readonly seen: string;
  /** Which hop to look at; empty where there is none. */
  readonly look: string;

  constructor(expected: string, seen: string, look: string) {
    const [shownExpected, shownSeen, shownLook] = [expected, seen, look].map(shown) as [
      string,
      string,
      string,
    ];
    const lines = [
      `expected: ${shownExpected}`,
      `seen: ${shownSeen}`,
      ...(look === "" ? [] : [`look at: ${shownLook}`]),
    ];
    super(lines.join("\n"));
    this.name = "CheckFailure";
    this.expected = shownExpected;
    this.seen = shownSeen;
    this.look = shownLook;
  }
}

function shown(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return cut.replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
