import { LAB_EPOCH_SECONDS } from "../../trace/world.js";
import type { Image } from "./image.js";
import { layerSize } from "./layer.js";

/** One row of `docker history`. */
export interface HistoryRow {
  /** Null: a step that is no image here. */
  readonly id: string | null;
  /** Seconds since 1970. */
  readonly created: number;
  readonly createdBy: string;
  readonly size: number;
  readonly comment: string;
}

/** The steps by which an image was made, the last one first. */
export function historyOf(image: Image): HistoryRow[] {
  const rows: HistoryRow[] = [];
  let at: Image | null = image;
  for (; at?.step !== undefined; at = at.step.parent) {
    const { createdAt, createdBy, comment, layer, inner } = at.step;
    rows.push({
      id: inner ? null : at.id,
      created: LAB_EPOCH_SECONDS + createdAt / 1e9,
      createdBy,
      size: layer === null ? 0 : layerSize(layer),
      comment,
    });
  }
  return at === null ? rows : [...rows, ...foundation(at)];
}

/** An image that was pulled: its command, over everything else in one step. One that was imported has no steps. */
function foundation({ id, ageSeconds, local, command, size, digest }: Image): HistoryRow[] {
  const created = LAB_EPOCH_SECONDS - ageSeconds;
  if (local) return [{ id, created, createdBy: "", size, comment: "Imported from -" }];
  const words = command.map((word) => JSON.stringify(word)).join(" ");
  return [
    { id, created, createdBy: `/bin/sh -c #(nop)  CMD [${words}]`, size: 0, comment: "" },
    { id: null, created, createdBy: `/bin/sh -c #(nop) ADD file:${digest} in / `, size, comment: "" },
  ];
}
