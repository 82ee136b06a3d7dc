import type { Container } from "./container.js";

/** The ports that the image and the options name, as a set. */
export function exposedPorts(container: Container): string[] {
  const { request } = container;
  return [
    ...new Set([
      ...request.image.exposed,
      ...request.exposed,
      ...request.ports.map((port) => `${port.containerPort}/${port.protocol}`),
    ]),
  ].sort();
}
