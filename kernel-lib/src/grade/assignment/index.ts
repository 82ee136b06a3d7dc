export { type Assignment, type AssignmentCell, type CellKind, EVERYONE } from "./assignment.js";
export { TrustedCells } from "./cell-run.js";
export { makeTasks, type PreparedTask } from "./make-tasks.js";
export { openedTasks, parseAssignment, readAssignment, withOpened } from "./read-assignment.js";
export { hasRegion, onlyHidden, withoutHidden, withoutSolutions } from "./regions.js";
export { Student } from "./student.js";
