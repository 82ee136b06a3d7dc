import { readAssignment } from "../../../kernel-lib/src/grade/assignment/index.js";
import { gradeCourse, localGraders } from "../../../kernel-lib/src/grade/index.js";
import { standIn } from "./stand-in.js";

/** Grades a folder, and tells each step as a line. */
const [assignment, from, out, log] = process.argv.slice(2) as [string, string, string, string];
await gradeCourse({
  ...{ assignment: readAssignment(assignment), from, out, gradeAll: localGraders(standIn(log), 2) },
  ...{ hidden: "count", lms: [], signal: new AbortController().signal },
  onStep: ({ kind }) => console.log(kind),
});
console.log("finished");
