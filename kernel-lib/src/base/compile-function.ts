/** Makes a function of source text: `parameters` are its names, `name` is what stack traces call the text. */
export type CompileFunction = (
  parameters: readonly string[],
  body: string,
  name: string,
) => (...given: unknown[]) => unknown;

const byConstructor: CompileFunction = (parameters, body, name) =>
  new Function(...parameters, `${body}\n//# sourceURL=${name}`) as ReturnType<CompileFunction>;

/** Where a page's strict policy forbids `new Function`, its worker puts another way here. */
const WAY = Symbol.for("hopbook.compile");

export function setCompileFunction(way: CompileFunction | null): void {
  (globalThis as { [WAY]?: CompileFunction | null })[WAY] = way;
}

/** A function of source text, in the way that this place allows. Throws a SyntaxError for text that is no JavaScript. */
export const compileFunction: CompileFunction = (parameters, body, name) =>
  ((globalThis as { [WAY]?: CompileFunction | null })[WAY] ?? byConstructor)(parameters, body, name);
