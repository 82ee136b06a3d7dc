/** Whether the text is an IPv4 address in four decimal parts. */
export function isIPv4(text: unknown): boolean {
  return (
    /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$/.test(String(text)) && !String(text).endsWith(".")
  );
}

/** Whether the text is an IPv6 address, a zone behind it or none. */
export function isIPv6(text: unknown): boolean {
  const [address = "", zone] = String(text).split("%");
  if (zone === "") return false;
  const halves = address.split("::");
  if (halves.length > 2) return false;
  const parts = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = parts.at(-1);
  const embedded = last?.includes(".") === true;
  if (embedded && !isIPv4(last)) return false;
  const words = embedded ? parts.slice(0, -1) : parts;
  if (!words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return false;
  const count = words.length + (embedded ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}

/** 4, 6, or 0 for what is no address. */
export function isIP(text: unknown): 0 | 4 | 6 {
  return isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0;
}
