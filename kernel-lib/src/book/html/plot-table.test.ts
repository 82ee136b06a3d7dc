import { expect, it } from "vitest";
import { plotTable } from "./plot-table.js";

it("lines over one axis of numbers stand side by side", () => {
  const data = [
    { type: "scatter", name: "median", x: [50, 150], y: [3.60159, 4.055874] },
    { type: "scatter", name: "99 %", x: [150, 250], y: [21.7, 26.4] },
  ];
  const layout = {
    title: { text: "Latency" },
    xaxis: { title: { text: "requests a second" } },
    yaxis: { title: { text: "ms" } },
  };
  expect(plotTable({ data, layout })).toEqual({
    caption: "Data: Latency",
    head: ["requests a second", "median, ms", "99 %, ms"],
    rows: [
      ["50", "3.60159", ""],
      ["150", "4.05587", "21.7"],
      ["250", "", "26.4"],
    ],
  });
});

it("bars with names stand one below the other, with the words of their hints", () => {
  const data = [
    {
      type: "bar",
      orientation: "h",
      name: "one",
      x: [0.05],
      y: ["3 ARP, 50 ns"],
      base: [0.1],
      hovertext: ["waits<br>50 ns"],
    },
    {
      type: "bar",
      orientation: "h",
      name: "two",
      x: [0.32],
      y: ["6 veth, 320 ns"],
      base: [0.15],
      hovertext: ["<b>arrives</b>"],
    },
  ];
  const layout = { title: "Hops", xaxis: { title: { text: "µs" } }, yaxis: { categoryarray: [] } };
  expect(plotTable({ data, layout })).toEqual({
    caption: "Data: Hops",
    head: ["series", "place", "µs", "begins at", "in words"],
    rows: [
      ["one", "3 ARP, 50 ns", "0.05", "0.1", "waits; 50 ns"],
      ["two", "6 veth, 320 ns", "0.32", "0.15", "arrives"],
    ],
  });
});

it("places of numbers have the names of their ticks, and texts are values", () => {
  const data = [{ type: "scatter", mode: "text", x: [0, 1], y: [0, 0], text: ["60", "40"] }];
  const layout = {
    xaxis: { tickvals: [0, 1], ticktext: ["a<br>on b", "c"] },
    yaxis: { tickvals: [0], ticktext: ["in"] },
  };
  expect(plotTable({ data, layout })).toEqual({
    caption: "Data: the plot",
    head: ["place", "place", "value"],
    rows: [
      ["a; on b", "in", "60"],
      ["c", "in", "40"],
    ],
  });
});

it("a figure of other shapes gives an empty table, not an error", () => {
  for (const data of [undefined, [], [null, 7], [{ type: "bar" }]])
    expect(plotTable({ data, layout: null }).rows).toEqual([]);
});
