export {
  type CourseOptions,
  type CourseResult,
  type CourseStep,
  editionOf,
  gradeCourse,
  rewriteReports,
} from "./course/grade-course.js";
export type { GradeAll, GradeOne } from "./course/graders.js";
export { localGraders } from "./course/local.js";
export { queueGraders } from "./queue/collect.js";
export { startWorker } from "./queue/work.js";
export { HIDDEN_WORDS, type HiddenWords } from "./report/hidden.js";
export { LMS, type Lms } from "./report/lms.js";
