import type { ServicePort } from "../model/service.js";

interface PortRange {
  readonly protocol: string;
  readonly publishedFirst: number;
  readonly targetFirst: number;
  published: number;
  target: number;
}

const span = (first: number, last: number) => (last > first ? `${first}-${last}` : String(first));

function text(range: PortRange): string {
  return `*:${span(range.publishedFirst, range.published)}->${span(range.targetFirst, range.target)}/${range.protocol}`;
}

/** By protocol, then by the published port. */
function sortedPorts(ports: readonly ServicePort[]): readonly ServicePort[] {
  return [...ports].sort((a, b) =>
    a.protocol === b.protocol ? a.publishedPort - b.publishedPort : a.protocol < b.protocol ? -1 : 1,
  );
}

/** Ports of the ingress mesh as `docker service ls` shows them: `*:8080-8082->80-82/tcp`, consecutive ones as a range. */
export function ingressPortsText(ports: readonly ServicePort[]): string {
  const ranges: PortRange[] = [];
  for (const { protocol, publishedPort, targetPort, mode } of sortedPorts(ports)) {
    if (mode !== "ingress") continue;
    const last = ranges.at(-1);
    const inRange =
      last !== undefined &&
      last.protocol === protocol &&
      publishedPort - last.published <= 1 &&
      publishedPort >= last.published &&
      targetPort - last.target <= 1 &&
      targetPort >= last.target &&
      !(last.target !== last.targetFirst && targetPort <= last.target);
    if (inRange) {
      last.published = publishedPort;
      last.target = targetPort;
    } else
      ranges.push({
        protocol,
        publishedFirst: publishedPort,
        targetFirst: targetPort,
        published: publishedPort,
        target: targetPort,
      });
  }
  return ranges.map(text).join(", ");
}
