import { describe, expect, it } from "vitest";
import { joinText, type Notebook, splitText, stringifyNotebook } from "./notebook.js";

describe("splitText", () => {
  it.each([
    ["", []],
    ["a", ["a"]],
    ["a\n", ["a\n"]],
    ["a\n\nb", ["a\n", "\n", "b"]],
    ["10%\r20%\r\nend", ["10%\r", "20%\r\n", "end"]],
  ])("%j has the lines that Python's splitlines gives", (text, lines) => {
    expect(splitText(text)).toEqual(lines);
    expect(joinText(lines)).toBe(text);
  });
});

describe("stringifyNotebook", () => {
  const notebook: Notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "hopbook", display_name: "TypeScript (Hopbook)" } },
    cells: [
      {
        cell_type: "code",
        id: "a",
        metadata: {},
        source: "1 +\n1",
        execution_count: 1,
        outputs: [
          {
            output_type: "execute_result",
            execution_count: 1,
            metadata: {},
            data: { "text/plain": "2", "image/png": "aGk=\n", "application/json": { b: 1, a: [] } },
          },
        ],
      },
    ],
  };

  it("writes what nbformat writes", () => {
    const lines = stringifyNotebook(notebook).split("\n");
    expect(lines.slice(0, 3)).toEqual(["{", ' "cells": [', "  {"]);
    expect(stringifyNotebook(notebook)).toContain('"application/json": {\n       "a": [],\n       "b": 1\n');
    expect(stringifyNotebook(notebook)).toContain('"image/png": "aGk=\\n"');
    expect(stringifyNotebook(notebook)).toContain('"source": [\n    "1 +\\n",\n    "1"\n   ]');
    expect(stringifyNotebook(notebook).endsWith("}\n")).toBe(true);
  });

  it("is a fixed point: reading and writing changes no byte", () => {
    const text = stringifyNotebook(notebook);
    expect(stringifyNotebook(JSON.parse(text) as Notebook)).toBe(text);
  });
});
