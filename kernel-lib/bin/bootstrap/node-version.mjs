/** The oldest Node that runs everything here: it loads ESM packages from CommonJS, which the notebooks' kernel needs. */
const OLDEST = [20, 19];

/**
 * What to tell the user of a Node that is too old; null when it is not.
 * @param {string} version as in `process.versions.node`
 */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null;
  return `Hopbook needs Node ${OLDEST.join(".")} or newer; this is Node ${version}. Get one from https://nodejs.org/`;
}
