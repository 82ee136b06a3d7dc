import { DockerError } from "./docker-error.js";

/** An image's name, as `docker run` takes it. */
export interface ImageReference {
  /** `alpine`, `library/alpine` cut to `alpine`, `ghcr.io/owner/name`. */
  readonly name: string;
  readonly tag: string;
  /** `alpine:latest`, as ps shows it when the tag was given. */
  readonly text: string;
}

const PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const HOST =
  "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]+)?)";
const REFERENCE = new RegExp(
  `^((?:${HOST}/)?${PART}(?:/${PART})*)(?::([\\w][\\w.-]{0,127}))?(?:@sha256:[0-9a-f]{64})?$`,
);

/** Reads a reference (distribution/reference). Throws DockerError: `invalid reference format`. */
export function parseReference(text: string): ImageReference {
  const match = REFERENCE.exec(text);
  if (match === null) {
    const lower = REFERENCE.test(text.toLowerCase()) || /^[^:/]*[A-Z]/.test(text);
    throw new DockerError(
      lower ? "invalid reference format: repository name must be lowercase" : "invalid reference format",
      "invalid",
    );
  }
  const name = match[1]!.replace(/^(?:docker\.io\/)?(?:library\/)?/, "");
  return { name, tag: match[2] ?? "latest", text };
}
