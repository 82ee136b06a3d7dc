import { ClientError } from "../../docker/command/subcommand.js";
import { DockerError } from "../../docker/docker-error.js";
import type { Engine } from "../../docker/engine.js";
import { type ImageReference, parseReference } from "../../docker/reference.js";

/** An image as a service's spec names it, and what the client says of it on standard error. */
export interface PinnedImage {
  readonly text: string;
  readonly warning: string;
}

/** What the client from 17.06 on says of an image that no registry has. */
const UNPINNED = (image: string) => `image ${image} could not be accessed on a registry to record
its digest. Each node will access ${image} independently,
possibly leading to different nodes running different
versions of the image.

`;

/**
 * Fixes a service's image to the digest that the registry has for it, so that every node runs the same one (from 1.13 on). The registry has what the lab's
 * machines have pulled; an image that was built here is taken by its name.
 */
export function pinImage({ images, version }: Engine, text: string): PinnedImage {
  if (text === "") return { text, warning: "" };
  const reference = readReference(text);
  if (version.release.startsWith("1.12")) return { text, warning: "" };
  if (text.includes("@")) return { text, warning: "" };
  const tagged = `${reference.name}:${reference.tag}`;
  const image = images.tryFind(tagged);
  if (image !== null && !image.local) return { text: `${tagged}@sha256:${image.digest}`, warning: "" };
  if (version.release.startsWith("17.05"))
    return { text: tagged, warning: `unable to pin image ${tagged} to digest: No such image: ${tagged}\n` };
  return { text: tagged, warning: UNPINNED(tagged) };
}

function readReference(text: string): ImageReference {
  try {
    return parseReference(text);
  } catch (error) {
    throw error instanceof DockerError ? new ClientError(error.message) : error;
  }
}

/** The name without the digest, as listings show it. */
export function withoutDigest(image: string): string {
  return image.replace(/@sha256:[0-9a-f]{64}$/, "");
}
