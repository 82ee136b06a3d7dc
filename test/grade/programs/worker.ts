import { startWorker } from "../../../kernel-lib/src/grade/index.js";
import { standIn } from "./stand-in.js";

/** A worker of the queue; every tenth student's grading throws at first. */
const [url, edition, log] = process.argv.slice(2) as [string, string, string];
const gradeOne = standIn(log, (student) => student.endsWith("7"));
await startWorker({
  ...{ url, jobs: 2, silence: 2, graderFor: async () => ({ edition, gradeOne }) },
  onJob: (student) => console.log(student),
});
console.log("ready");
