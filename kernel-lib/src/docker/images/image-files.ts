import type { FileView } from "../../host/files.js";
import type { Host } from "../../host/host.js";
import type { ProgramTable } from "../../host/process.js";
import type { Image } from "./image.js";
import { applyLayer } from "./layer.js";

/** A new root file system with what an image holds. */
export function imageFiles(host: Host, image: Image, hostname: string, programs: ProgramTable): FileView {
  const { userland, files } = image;
  const view = host.createFiles({ programs, hostname, userland, files });
  for (const step of stepsOf(image)) if (step.layer !== null) applyLayer(view, step.layer);
  return view;
}

/** The steps by which an image was built here, the first one first. */
export function stepsOf(image: Image): NonNullable<Image["step"]>[] {
  const steps: NonNullable<Image["step"]>[] = [];
  for (let at: Image | null = image; at?.step !== undefined; at = at.step.parent) steps.unshift(at.step);
  return steps;
}
