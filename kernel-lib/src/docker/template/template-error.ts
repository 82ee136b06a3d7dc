/** A template that does not parse, or that fails on its value: the message is text/template's. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}
