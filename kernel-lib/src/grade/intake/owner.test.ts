import { describe, expect, it } from "vitest";
import { ownerOf } from "./owner.js";
import { idOnRoster, readRoster } from "./roster.js";

describe("a file's owner", () => {
  const CASES: [path: string, owner: string | null][] = [
    ["ada.ipynb", "ada file"],
    ["ada/03-vxlan.ipynb", "ada folder"],
    ["ada/any name.ipynb", "ada folder"],
    ["Zoë Müller/work.zip", "Zoë Müller folder"],
    ["submitted/ada/03-vxlan/03-vxlan.ipynb", "ada nbgrader"],
    ["ada/03-vxlan/03-vxlan.ipynb", "ada nbgrader"],
    ["ada/01-bridge/01-bridge.ipynb", null],
    ["Ada Lovelace_4711_assignsubmission_file_/03-vxlan.ipynb", "4711 moodle"],
    ["Ada Lovelace_4711_assignsubmission_file_03-vxlan.ipynb", "4711 moodle"],
    ["lovelaceada_123_456_03-vxlan.ipynb", "123 canvas"],
    ["lovelaceada_LATE_123_456_03-vxlan-1.ipynb", "123 canvas"],
    ["notes.txt", null],
    ["a\nb/x.ipynb", null],
  ];
  it.each(CASES)("%j", (path, expected) => {
    const owner = ownerOf(path, "03-vxlan");
    expect(owner === null ? null : `${owner.student} ${owner.layout}`).toBe(expected);
  });
});

describe("a roster", () => {
  it("knows a student by every name in the row", () => {
    const roster = readRoster('id,name,mail\nal1,"Lovelace, Ada",ada@x.org\ngh2,Grace Hopper,\n');
    expect(roster.rows.map(({ id }) => id)).toEqual(["al1", "gh2"]);
    expect(idOnRoster(roster, { student: "4711", name: "Grace Hopper" })).toBe("gh2");
    expect(idOnRoster(roster, { student: "ada@x.org", name: "" })).toBe("al1");
    expect(idOnRoster(roster, { student: "4711", name: "Nobody" })).toBeNull();
  });

  it("may be a bare list, Moodle's worksheet or Canvas' gradebook", () => {
    expect(readRoster("ada\ngrace\n")).toMatchObject({
      kind: "list",
      rows: [{ id: "ada" }, { id: "grace" }],
    });
    const moodle = readRoster("Identifier,Full name,Grade\nParticipant 7,Ada,\n");
    expect(moodle).toMatchObject({ kind: "moodle", rows: [{ id: "7" }] });
    const canvas = readRoster(
      "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\nAda,9,a,b,c\n",
    );
    expect(canvas).toMatchObject({ kind: "canvas", rows: [{ id: "9" }] });
  });

  it("with a student twice is refused", () => {
    expect(() => readRoster("id\nada\nada\n")).toThrow("the roster has the student “ada” twice");
  });
});
