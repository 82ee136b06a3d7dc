import { DockerError } from "../docker-error.js";
import { parseReference } from "../reference.js";
import { KNOWN_IMAGES } from "./catalogue.js";
import type { Image } from "./image.js";

/** What `docker images` shows for the name and the tag of an image that has none. */
export const NO_NAME = "<none>";

/** The images that an engine has, each under any number of names. A lab's machine has the known ones from the start. */
export class ImageStore {
  private readonly byId = new Map<string, Image>();
  /** Images by `name:tag`. */
  private readonly tags = new Map<string, Image>();

  constructor(images: readonly Image[] = KNOWN_IMAGES) {
    for (const image of [...images].reverse()) {
      this.byId.set(image.id, image);
      this.tags.set(`${image.name}:${image.tag}`, image);
    }
  }

  /** Newest first, as `docker images` lists: an image once for each of its names. */
  list(): readonly Image[] {
    return this.all().flatMap((image) => {
      const names = this.named(image.id);
      return names.length > 0 ? names : [{ ...image, name: NO_NAME, tag: NO_NAME }];
    });
  }

  /** Every image once, newest first. */
  all(): Image[] {
    const all = [...this.byId.values()].filter(({ step }) => step?.inner !== true);
    return all.reverse().sort((a, b) => madeAt(b) - madeAt(a));
  }

  /** An image under each of its names, in the alphabet's order. */
  named(id: string): Image[] {
    const names = [...this.tags].filter(([, image]) => image.id === id);
    return names.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, image]) => image);
  }

  /** Images that were built on this one, by one step. */
  children(id: string): Image[] {
    return [...this.byId.values()].filter(({ step }) => step?.parent?.id === id);
  }

  /** By name (with or without a tag) or id; null when it is not here. Throws DockerError for what is no reference. */
  tryFind(text: string): Image | null {
    const byId = this.byPrefix(text);
    if (byId !== null) return byId;
    const { name, tag } = parseReference(text);
    return this.tags.get(`${name}:${tag}`) ?? null;
  }

  /** By id or the beginning of one. */
  byPrefix(text: string): Image | null {
    const id = text.replace(/^sha256:/, "");
    if (!/^[0-9a-f]{4,64}$/.test(id)) return null;
    const found = this.all().find((image) => image.id.startsWith(id));
    return found === undefined ? null : (this.named(found.id)[0] ?? found);
  }

  find(text: string): Image {
    const image = this.tryFind(text);
    if (image === null)
      throw new DockerError(
        `No such image: ${text.includes(":") ? text : `${text}:latest`}`,
        "notFound",
        "image",
      );
    return image;
  }

  /** A new image, which has no name yet. */
  add(image: Image): void {
    this.byId.set(image.id, image);
  }

  /** Gives an image a name more; another image loses it. */
  tag(image: Image, name: string, tag: string): void {
    this.tags.set(`${name}:${tag}`, { ...this.byId.get(image.id)!, name, tag });
  }

  untag(name: string, tag: string): void {
    this.tags.delete(`${name}:${tag}`);
  }

  /** Takes an image away with its names. */
  remove(image: Image): void {
    for (const { name, tag } of this.named(image.id)) this.untag(name, tag);
    this.byId.delete(image.id);
  }
}

/** Seconds after the lab's start. */
function madeAt({ step, ageSeconds }: Image): number {
  return step === undefined ? -ageSeconds : step.createdAt / 1e9;
}
