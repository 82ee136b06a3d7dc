import { describe, expect, it } from "vitest";
import { parseNotebook } from "./notebook-parse.js";
import { writeNotebook } from "./notebook-write.js";
import { ProgressBar } from "./progress.js";

/** A notebook as nbformat 5.10 wrote it: keys sorted, one space, lines split, JSON mime types left alone. */
const CANONICAL = `{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "a",
   "metadata": {},
   "source": [
    "# One\\n",
    "two ä \\u001b[1m"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "b",
   "metadata": {
    "tags": [
     "x"
    ]
   },
   "outputs": [
    {
     "data": {
      "application/json": {
       "k": [
        1
       ]
      },
      "image/png": "AQI=\\n",
      "image/svg+xml": [
       "<svg>\\n",
       "</svg>"
      ],
      "text/plain": []
     },
     "execution_count": 1,
     "metadata": {},
     "output_type": "execute_result"
    },
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "a\\r\\n",
      "b\\r",
      "c"
     ]
    },
    {
     "ename": "E",
     "evalue": "v",
     "output_type": "error",
     "traceback": [
      "one\\ntwo"
     ]
    }
   ],
   "source": []
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
`;

const cells = (...list: unknown[]): string =>
  JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: list });

describe("a notebook file", () => {
  it("is written as nbformat writes it", () => {
    expect(writeNotebook(parseNotebook(CANONICAL, "n.ipynb"))).toBe(CANONICAL);
  });

  it("loses times of execution, and gains ids", () => {
    const old = {
      cell_type: "code",
      source: ["1\n", "2"],
      metadata: { execution: { "iopub.status.busy": "2020-01-01T00:00:00Z" } },
      outputs: [],
      execution_count: null,
    };
    const text = JSON.stringify({ nbformat: 4, nbformat_minor: 2, metadata: {}, cells: [old] });
    const written = writeNotebook(parseNotebook(text, "n.ipynb"));
    expect(JSON.parse(written)).toMatchObject({ nbformat_minor: 5, cells: [{ id: "cell-1", metadata: {} }] });
    expect(written).not.toContain("busy");
  });

  const BROKEN: [name: string, text: string, message: string][] = [
    ["no JSON", "{", "not a notebook: the file is not JSON"],
    ["a list", "[]", "the notebook is not an object"],
    ["no format", "{}", "not a notebook: it has no nbformat"],
    [
      "version 3",
      '{"nbformat":3,"worksheets":[]}',
      "the notebook has format 3; only format 4 is supported. Convert it",
    ],
    ["version 5", '{"nbformat":5}', "the notebook has format 5; only format 4 is supported"],
    ["no cells", '{"nbformat":4,"nbformat_minor":5}', "cells is not a list"],
    [
      "a cell type",
      cells({ cell_type: "graph", id: "a", source: "" }),
      'cell 1 has the unknown type "graph"',
    ],
    [
      "a source",
      cells({ cell_type: "raw", id: "a", source: 5 }),
      "source of cell 1 is neither a text nor a list of lines",
    ],
    ["an id", cells({ cell_type: "raw", id: "a b", source: "" }), 'cell 1 has the id "a b"'],
    [
      "two ids",
      cells({ cell_type: "raw", id: "a", source: "" }, { cell_type: "raw", id: "a", source: "" }),
      'two cells have the id "a"',
    ],
    [
      "an output",
      cells({ cell_type: "code", id: "a", source: "", outputs: [{ output_type: "pyout" }] }),
      'output 1 of cell 1 has the unknown type "pyout"',
    ],
  ];
  it.each(BROKEN)("with %s is refused", (_name, text, message) => {
    expect(() => parseNotebook(text, "x.ipynb")).toThrow(`x.ipynb: ${message}`);
  });
});

describe("progress", () => {
  const steps = (isTTY: boolean): string[] => {
    const written: string[] = [];
    const bar = new ProgressBar("n", { isTTY, columns: 40, write: (text) => written.push(text) });
    bar.update({ done: 0, total: 2, label: "first" });
    bar.update({ done: 0, total: 2, label: "first" });
    bar.update({ done: 1, total: 2, label: "a label that is too long" });
    bar.clear();
    return written;
  };

  it("is a line a step where nobody can redraw", () => {
    expect(steps(false)).toEqual(["n: 0/2 first\n", "n: 1/2 a label that is too long\n"]);
  });

  it("is a bar on a terminal, cut to its width, and goes away", () => {
    expect(steps(true)).toEqual([
      `\r\u001b[Kn ${"░".repeat(24)} 0/2 first`,
      `\r\u001b[Kn ${"░".repeat(24)} 0/2 first`,
      `\r\u001b[Kn ${"█".repeat(12)}${"░".repeat(12)} 1/2 a label `,
      "\r\u001b[K",
    ]);
  });
});
