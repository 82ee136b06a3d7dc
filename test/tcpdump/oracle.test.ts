import { expect, test } from "vitest";
import { capturesUnder, printed, textOf } from "./captures.js";

// Each recording's text was made by `tcpdump -r F -n -e -tttt -vv`, the dates cut from its line starts.
for (const path of capturesUnder("oracle")) {
  test(path, () => {
    const text = printed(path, { numeric: true, link: true, time: 4, verbose: 2 });
    const expected = textOf(path.replace(/\.pcap$/, ".tcpdump.txt"));
    expect(text.replace(/^\d{4}-\d\d-\d\d /gm, "")).toBe(expected);
  });
}
