export { kernelRun } from "./kernel.js";
export {
  findKernelspec,
  jupyterDataDirs,
  KERNEL_DISPLAY_NAME,
  KERNEL_NAME,
  type KernelInstallOptions,
  kernelInstall,
} from "./kernelspec.js";
export { describeKernelMeasure, type KernelMeasure, measureKernel } from "./measure.js";
export * from "./notebook.js";
export { NotebookError, parseNotebook } from "./notebook-parse.js";
export { writeNotebook } from "./notebook-write.js";
export { type Progress, ProgressBar, type ProgressStream } from "./progress.js";
export {
  executeNotebook,
  type NotebookRun,
  type RunNotebookOptions,
  type RunNotebooksOptions,
  runNotebook,
  runNotebooks,
} from "./run-notebook.js";
