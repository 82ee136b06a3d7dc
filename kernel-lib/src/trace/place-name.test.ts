import { describe, expect, it } from "vitest";
import { placeNames, shortName } from "./place-name.js";

const ID = "s0pbl6l5ntcyaxj0v7m3g8qd2";
const OTHER = "zy1xjv3k9w8c5h2m7q4r6t0ua";

describe("names of places", () => {
  it.each([
    [`helloworld.1.${ID}`, "helloworld.1"],
    [`web.${OTHER}.${ID}`, `web.${OTHER}`],
    ["api-container", "api-container"],
    ["my.web", "my.web"],
    ["ingress_sbox", "ingress_sbox"],
  ])("%s is %s", (label, short) => expect(shortName(label)).toBe(short));

  it("have the machine where two machines have a namespace of that name", () => {
    const places = [
      { machine: "docker01", netns: "ingress_sbox" },
      { machine: "docker02", netns: "ingress_sbox" },
      { machine: "docker02", netns: "docker02" },
    ];
    expect(places.map(placeNames(places))).toEqual([
      "ingress_sbox on docker01",
      "ingress_sbox on docker02",
      "docker02",
    ]);
  });

  it("are whole where two tasks would share a short one", () => {
    const places = [ID, OTHER].map((id) => ({ machine: "docker01", netns: `web.1.${id}` }));
    expect(places.map(placeNames(places))).toEqual([`web.1.${ID}`, `web.1.${OTHER}`]);
  });
});
