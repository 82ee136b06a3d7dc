import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stringifyNotebook } from "../../base/notebook.js";
import { writeWhole } from "../report/write-file.js";
import { type Assignment, variantOf } from "./assignment.js";
import { leaks } from "./leaks.js";
import { makeTasks } from "./make-tasks.js";
import { studentNotebook, teacherNotebook } from "./notebooks.js";
import { CODE_STUB } from "./regions.js";
import { rehearse } from "./rehearse.js";

/** What nbgrader must be told: how an empty answer looks in TypeScript, and that a lab may take its time. */
const CONFIG = `# Written by \`hopbook assign --nbgrader\`. Change it as you like.
c = get_config()  # noqa: F821

c.ClearSolutions.code_stub = {"typescript": ${JSON.stringify(CODE_STUB)}}
c.Execute.timeout = 120
`;

/**
 * Makes what `nbgrader generate_assignment` begins with: `source/NAME/NAME.ipynb` and `nbgrader_config.py` in the course's folder (a configuration that is there
 * stays). All students get one variant: nbgrader puts the locked cells of its own copy into each submission. Gives the paths.
 */
export async function handOutToNbgrader(
  assignment: Assignment,
  options: { readonly out: string; readonly rehearse?: boolean; readonly force?: boolean },
): Promise<string[]> {
  if (assignment.variants !== "everyone") throw new Error("nbgrader's students all get one variant");
  const tasks = await makeTasks(assignment, variantOf(assignment, ""));
  const problems = options.rehearse === false ? [] : (await rehearse(assignment, tasks)).problems;
  const telling = leaks(assignment, await studentNotebook(assignment, tasks));
  if (problems.length + telling.length > 0)
    throw new Error(
      `the assignment is not good:\n${[...problems, ...telling].map((text) => `  - ${text}`).join("\n")}`,
    );
  const path = join(options.out, "source", assignment.name, `${assignment.name}.ipynb`);
  const text = stringifyNotebook(await teacherNotebook(assignment, tasks));
  if (options.force !== true && existsSync(path) && readFileSync(path, "utf8") !== text)
    throw new Error(`${path} is there already and is another: --force writes over it`);
  writeWhole(path, text);
  const config = join(options.out, "nbgrader_config.py");
  if (!existsSync(config)) writeWhole(config, CONFIG);
  return [path, config];
}
