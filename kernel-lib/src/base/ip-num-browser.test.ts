import { IPv4CidrRange } from "ip-num";
import { expect, it } from "vitest";
import { IPv4CidrRange as InBrowser } from "./ip-num-browser.js";

it.each([
  "0.0.0.0/0",
  "10.1.2.3/8",
  "172.17.0.1/16",
  "203.0.113.9/30",
  "203.0.113.9/31",
  "255.255.255.255/32",
])("the range of %s is that of the package", (text) => {
  const [real, ours] = [IPv4CidrRange.fromCidr(text), InBrowser.fromCidr(text)];
  expect(ours.getFirst().getValue()).toBe(real.getFirst().getValue());
  expect(ours.getLast().getValue()).toBe(real.getLast().getValue());
});
