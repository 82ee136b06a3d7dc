/** Colours that stay apart for readers with colour-blindness (Okabe and Ito 2008), dark enough for text on white. */
export const PALETTE = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#8f6b00",
  "#3a7ca5",
  "#7a3e9d",
  "#5f6b6d",
] as const;

/** The same name has the same colour within one figure: colours go to names in the order of their first use. */
export function colourer(): (name: string) => string {
  const given = new Map<string, string>();
  return (name) => {
    const known = given.get(name);
    if (known !== undefined) return known;
    const colour = PALETTE[given.size % PALETTE.length]!;
    given.set(name, colour);
    return colour;
  };
}

export const FONT = 'system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif';
export const INK = "#24292f";
export const FAINT = "#6a737d";
export const HIGHLIGHT = "#d1242f";
