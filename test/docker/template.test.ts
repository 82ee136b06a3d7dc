import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { GoMap, GoNil, GoStruct } from "../../kernel-lib/src/docker/go/value.js";
import { Template } from "../../kernel-lib/src/docker/template/template.js";
import { TemplateError } from "../../kernel-lib/src/docker/template/template-error.js";

/** Rows that Go's text/template made from the value below, with Docker's functions. */
interface Row {
  readonly Template: string;
  readonly Output: string;
  readonly Error: string;
}

const rows: readonly Row[] = JSON.parse(
  readFileSync(new URL("../oracle/docker/go-templates.json", import.meta.url), "utf8"),
);

const address = (ip: string, prefix: number, pointer: boolean) =>
  GoStruct.of("main.Inner2", { IP: ip, Prefix: prefix }, pointer);

const state = GoStruct.of(
  "main.Inner",
  {
    Pid: 42,
    Running: true,
    Names: ["a", "b c"],
    M: GoMap.of({ z: "1", a: "2" }),
    P: address("10.0.0.1", 24, true),
    NilMap: GoNil.map,
    NilSlice: GoNil.slice,
  },
  true,
);

const data = new GoStruct("main.Top", [
  { name: "ID", json: "Id", value: "abc<&>" },
  { name: "State", value: state },
  { name: "Plain", value: address("1.2.3.4", 8, false) },
  {
    name: "Nets",
    value: GoMap.of(
      { bridge: address("172.17.0.2", 16, true), alpha: address("10.5.0.2", 24, true) },
      "*main.Inner2",
    ),
  },
  { name: "Labels", value: GoMap.of({ x: "1", "y.z": "2" }) },
  { name: "Cmd", value: ["tail", "-f", "/dev/null"] },
  { name: "F", value: 1.5 },
  { name: "Any", value: "any" },
  { name: "Nil", value: null },
]);

function outcome(source: string): { Output: string; Error: string } {
  try {
    return { Output: new Template(source).execute(data), Error: "" };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { Output: "", Error: error.message };
  }
}

/** Addresses that Go prints for pointers inside values differ from run to run. */
const steady = (text: string) => text.replace(/0x[0-9a-f]{8,}/g, "0xc000012345");

// Go 1.26 made the rows; it names the types of a comparison, which the releases that built Docker's clients do not.
describe("Go templates give what text/template gives", () => {
  it.each(rows.map((row) => [row.Template, row] as const))("%s", (source, row) => {
    const made = outcome(source);
    expect(made.Error).toBe(row.Error.replace(/(incompatible types for comparison): .*/, "$1"));
    if (row.Error === "") expect(made.Output).toBe(steady(row.Output));
  });
});
