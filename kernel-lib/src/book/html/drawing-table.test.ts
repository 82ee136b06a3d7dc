import { expect, it } from "vitest";
import { drawingTable } from "./drawing-table.js";

const refuse = (why: string): never => {
  throw new Error(why);
};

it("a drawing's table is taken as it is", () => {
  const table = { caption: "Data", head: ["a", "b"], rows: [["1", "<b>"]] };
  expect(drawingTable(table, refuse)).toEqual(table);
});

it.each([
  ["nothing", null, /caption and a head/],
  ["a number for a title", { caption: "x", head: [1], rows: [] }, /caption and a head/],
  ["a row that is too short", { caption: "x", head: ["a", "b"], rows: [["1"]] }, /as many texts as its head/],
  ["something else than text", { caption: "x", head: ["a"], rows: [[{}]] }, /as many texts as its head/],
  [
    "more than a reader can read",
    { caption: "x", head: ["a"], rows: Array(20_001).fill(["1"]) },
    /20000 cells/,
  ],
])("a table with %s is refused", (_what, table, why) => {
  expect(() => drawingTable(table, refuse)).toThrow(why);
});
