import { DockerError } from "../docker-error.js";
import { parseReference } from "../reference.js";
import { KNOWN_IMAGES } from "./catalogue.js";
import type { Image } from "./image.js";

/** The images that an engine has. A lab's machine has the known ones from the start. */
export class ImageStore {
  constructor(private readonly images: readonly Image[] = KNOWN_IMAGES) {}

  /** Newest first, as `docker images` lists. */
  list(): readonly Image[] {
    return this.images;
  }

  /** By name (with or without a tag) or id; null when it is not here. Throws DockerError for what is no reference. */
  tryFind(text: string): Image | null {
    const id = text.replace(/^sha256:/, "");
    const byId = /^[0-9a-f]{4,64}$/.test(id)
      ? this.images.find((image) => image.id.startsWith(id))
      : undefined;
    if (byId !== undefined) return byId;
    const { name, tag } = parseReference(text);
    return this.images.find((image) => image.name === name && image.tag === tag) ?? null;
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
}
