import { admonition } from "./admonition.js";
import type { Directive } from "./directive.js";
import { dropdown } from "./dropdown.js";
import { figure } from "./figure.js";
import { glossary } from "./glossary.js";

/** Every directive that a Markdown cell may hold. `code-cell` is not among them: it makes a cell of its own. */
export const DIRECTIVES: readonly Directive[] = [admonition, dropdown, figure, glossary];
