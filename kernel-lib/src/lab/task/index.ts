export { type PreparedTask, readPreparedTask, type SealedTask, withoutSecret } from "./prepared-task.js";
export { seal, unseal } from "./seal.js";
export { sealTask, Task } from "./task.js";
