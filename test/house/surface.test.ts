import * as hopbook from "hopbook";
import { expect, it } from "vitest";

/** What the library offers by name. A change here is a change for every notebook: make it on purpose, and write it in the CHANGELOG. */
it("the public surface is this list", () => {
  expect(Object.keys(hopbook).sort()).toMatchInlineSnapshot(`
    [
      "Cable",
      "CableDirection",
      "CheckFailure",
      "Checks",
      "CommandOutput",
      "Container",
      "DISPLAY",
      "Drawing",
      "Figure",
      "Hint",
      "HopTable",
      "Job",
      "Journal",
      "Journey",
      "Lab",
      "LoadResult",
      "LoadRun",
      "Machine",
      "Message",
      "MessageList",
      "MessageTable",
      "RuleListing",
      "RuleWalk",
      "Task",
      "Trace",
      "WebSocketClient",
      "display",
      "formatCidr",
      "formatDuration",
      "formatIpv4",
      "formatMac",
      "ms",
      "parseCidr",
      "parseIpv4",
      "parseMac",
      "plot",
      "seconds",
      "us",
    ]
  `);
});
