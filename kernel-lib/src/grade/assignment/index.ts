export { type Assignment, type AssignmentCell, type CellKind, EVERYONE } from "./assignment.js";
export { TrustedCells } from "./cell-run.js";
export { leaks } from "./leaks.js";
export { makeTasks, type PreparedTask } from "./make-tasks.js";
export { studentNotebook, teacherNotebook } from "./notebooks.js";
export { openedTasks, parseAssignment, readAssignment, withOpened } from "./read-assignment.js";
export { hasRegion, onlyHidden, withoutHidden, withoutSolutions } from "./regions.js";
export { type Rehearsal, rehearse } from "./rehearse.js";
export { Student } from "./student.js";
