import { sha256 } from "../../base/sha256.js";
import { bytesOf } from "../../host/fs/inode.js";
import type { Container } from "../container/container.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import { shortId } from "../ids.js";
import { parseReference } from "../reference.js";
import type { Image } from "./image.js";
import { layerSize } from "./layer.js";

/** What `docker rmi` tells: `Untagged: …`, `Deleted: …`. */
export interface Removal {
  readonly kind: "untagged" | "deleted";
  readonly text: string;
}

export interface RemoveOptions {
  readonly force: boolean;
  /** Images that only this one stands on go too. */
  readonly prune: boolean;
}

/** Takes an image's name away, and the image with its last one (daemon/images/image_delete.go). Throws DockerError where something still needs it. */
export function removeImage(engine: Engine, text: string, options: RemoveOptions): Removal[] {
  const { images } = engine;
  const image = images.tryFind(text);
  if (image === null)
    throw new DockerError(
      `No such image: ${text.includes(":") ? text : `${text}:latest`}`,
      "notFound",
      "image",
    );
  const names = images.named(image.id);
  const one = new Set(names.map(({ name }) => name)).size <= 1 && names.length <= 1;
  const removals: Removal[] = [];
  if (images.byPrefix(text) === null) {
    const user = usersOf(engine, image)[0];
    if (!options.force && one && user !== undefined)
      throw new DockerError(
        `conflict: unable to remove repository reference "${text}" (must force) - container ${shortId(user.id)} is using its referenced image ${shortId(image.id)}`,
        "conflict",
      );
    const { name, tag } = parseReference(text);
    images.untag(name, tag);
    removals.push({ kind: "untagged", text: `${name}:${tag}` });
    if (images.named(image.id).length > 0) return removals;
    return [...removals, ...deleteImage(engine, image, options, true)];
  }
  if (one || options.force) {
    refuse(engine, image, options.force, one);
    for (const { name, tag } of names) {
      images.untag(name, tag);
      removals.push({ kind: "untagged", text: `${name}:${tag}` });
    }
  }
  return [...removals, ...deleteImage(engine, image, options, false)];
}

/** Deletes an image without a name, then what only it stood on. `quiet`: what still needs it keeps it, without a word. */
function deleteImage(engine: Engine, image: Image, options: RemoveOptions, quiet: boolean): Removal[] {
  const reason = conflict(engine, image, options.force, true);
  if (reason !== null) {
    if (quiet) return [];
    throw reason;
  }
  engine.images.remove(image);
  const removals: Removal[] = [{ kind: "deleted", text: `sha256:${image.id}` }];
  if (image.step?.layer !== null && image.step?.comment === "" && layered(image))
    removals.push({ kind: "deleted", text: `sha256:${layerId(image)}` });
  const parent = image.step?.parent ?? null;
  const goes =
    parent?.step !== undefined &&
    options.prune &&
    engine.images.named(parent.id).length === 0 &&
    conflict(engine, parent, false, true) === null;
  return goes ? [...removals, ...deleteImage(engine, parent, options, true)] : removals;
}

function layered({ step }: Image): boolean {
  return (
    step?.layer !== null &&
    step?.layer !== undefined &&
    (step.layer.size > 0 || step.createdBy.includes("COPY"))
  );
}

/** The id of an image's uppermost layer with all below it (its chain id). */
export function layerId({ id }: Image): string {
  return sha256(bytesOf(`layer ${id}`));
}

function refuse(engine: Engine, image: Image, force: boolean, one: boolean): void {
  const reason = conflict(engine, image, force, one);
  if (reason !== null) throw reason;
}

/** Why an image must stay; null when it may go. */
function conflict(engine: Engine, image: Image, force: boolean, one: boolean): DockerError | null {
  const users = usersOf(engine, image);
  const running = users.find((container) => container.running);
  const say = (how: string, why: string) =>
    new DockerError(`conflict: unable to delete ${shortId(image.id)} (${how}) - ${why}`, "conflict");
  if (engine.images.children(image.id).some(({ step }) => step?.inner !== true))
    return say("cannot be forced", "image has dependent child images");
  if (running !== undefined)
    return say("cannot be forced", `image is being used by running container ${shortId(running.id)}`);
  if (force) return null;
  if (!one) return say("must be forced", "image is referenced in multiple repositories");
  const stopped = users[0];
  return stopped === undefined
    ? null
    : say("must be forced", `image is being used by stopped container ${shortId(stopped.id)}`);
}

/** The containers that were made from an image, in the order in which the daemon finds them. */
function usersOf({ containers }: Engine, image: Image): Container[] {
  return containers
    .list()
    .reverse()
    .filter(({ request }) => request.image.id === image.id);
}

/** Images that nothing has a name for, or with `all` that no container uses. */
export function pruneImages(
  engine: Engine,
  all: boolean,
): { readonly removals: Removal[]; readonly size: number } {
  const removals: Removal[] = [];
  let size = 0;
  for (const image of engine.images.all()) {
    const names = engine.images.named(image.id);
    const there = engine.images.byPrefix(image.id) !== null;
    if (!there || (names.length > 0 && !all) || conflict(engine, image, false, true) !== null) continue;
    for (const { name, tag } of names) removals.push({ kind: "untagged", text: `${name}:${tag}` });
    const before = engine.images.all();
    for (const { name, tag } of names) engine.images.untag(name, tag);
    removals.push(...deleteImage(engine, image, { force: false, prune: true }, true));
    const left = new Set(engine.images.all());
    for (const gone of before) if (!left.has(gone)) size += ownSize(gone);
  }
  return { removals, size };
}

/** Bytes that an image adds to the one that it stands on. */
export function ownSize({ step, size }: Image): number {
  if (step === undefined) return size;
  return step.layer === null ? 0 : layerSize(step.layer);
}
