/** A file that the client cannot take. */
export class ComposeError extends Error {}

const VARIABLE = /\$(?:\$|\{([^}]*)\}|([A-Za-z_][A-Za-z0-9_]*)|)/g;
const BRACED = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?])(.*))?$/s;

/** Puts the values of variables into a text: `$VAR`, `${VAR}`, `${VAR:-default}`, `${VAR:?message}`; `$$` is a dollar. Throws ComposeError. */
export function interpolate(text: string, path: string, env: ReadonlyMap<string, string>): string {
  return text.replace(VARIABLE, (whole, braced: string | undefined, plain: string | undefined) => {
    if (whole === "$$") return "$";
    if (plain !== undefined) return env.get(plain) ?? "";
    const match = braced === undefined ? null : BRACED.exec(braced);
    if (match === null)
      throw new ComposeError(
        `invalid interpolation format for ${path}: ${JSON.stringify(text)}. You may need to escape any $ with another $.`,
      );
    return substitute(match[1]!, match[2] ?? "", match[3] ?? "", path, env);
  });
}

function substitute(
  name: string,
  operator: string,
  rest: string,
  path: string,
  env: ReadonlyMap<string, string>,
): string {
  const value = env.get(name);
  const missing = value === undefined || (operator.startsWith(":") && value === "");
  if (!missing) return value;
  if (operator.endsWith("-")) return rest;
  if (operator.endsWith("?"))
    throw new ComposeError(
      `invalid interpolation format for ${path}: "required variable ${name} is missing a value: ${rest}". You may need to escape any $ with another $.`,
    );
  return "";
}

/** Interpolates every text below a value. */
export function interpolateAll(value: unknown, path: string, env: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return interpolate(value, path, env);
  if (Array.isArray(value)) return value.map((item, i) => interpolateAll(item, `${path}.[${i}]`, env));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      interpolateAll(item, path === "" ? key : `${path}.${key}`, env),
    ]),
  );
}
