import type { Container } from "../../docker/container/container.js";
import type { ServicePort } from "../model/service.js";

/** Ports of the node that a task's container has, with those that the daemon has chosen (dockerexec's parsePortStatus). */
export function publishedPorts({ published }: Container): readonly ServicePort[] {
  return published.map(({ containerPort, hostPort, protocol }) => ({
    name: "",
    protocol,
    targetPort: containerPort,
    publishedPort: Number(hostPort),
    mode: "host",
  }));
}
