export {
  type Assignment,
  type AssignmentCell,
  type CellKind,
  type Variants,
  variantOf,
} from "./assignment.js";
export { TrustedCells } from "./cell-run.js";
export { type HandOut, type HandOutOptions, handOut } from "./hand-out.js";
export { leaks } from "./leaks.js";
export { makeTasks, type PreparedTask } from "./make-tasks.js";
export { handOutToNbgrader } from "./nbgrader-course.js";
export { studentNotebook, teacherNotebook } from "./notebooks.js";
export { openedTasks, parseAssignment, readAssignment, withOpened } from "./read-assignment.js";
export { hasRegion, onlyHidden, withoutHidden, withoutSolutions } from "./regions.js";
export { type Rehearsal, rehearse } from "./rehearse.js";
export { rosterIds } from "./roster-ids.js";
export { Student } from "./student.js";
