import { PortSpecError, parsePortRange, parsePortSpec } from "../../docker/command/port-spec.js";
import { GoSyntaxError } from "../../docker/go/duration.js";
import { goQuote } from "../../docker/go/text.js";
import type { ServicePort } from "../model/service.js";
import { csvFields } from "./flag-values.js";

/** `-p` of a service: `8080:80`, `target=80,published=8080,mode=host` (opts.PortOpt). Throws GoSyntaxError. */
export function parsePublish(text: string): readonly ServicePort[] {
  return /\w+=\w+(,\w+=\w+)*/.test(text) ? [longForm(text)] : shortForm(text);
}

function longForm(text: string): ServicePort {
  const port = { name: "", protocol: "tcp", targetPort: 0, publishedPort: 0, mode: "ingress" };
  for (const field of csvFields(text)) {
    const [key = "", value] = field.toLowerCase().split("=", 2);
    if (value === undefined) throw new GoSyntaxError(`invalid field ${field}`);
    if (key === "protocol") port.protocol = oneOf(value, ["tcp", "udp", "sctp"], "protocol");
    else if (key === "mode") port.mode = oneOf(value, ["ingress", "host"], "publish mode");
    else if (key === "target") port.targetPort = portNumber(value);
    else if (key === "published") port.publishedPort = portNumber(value);
    else throw new GoSyntaxError(`invalid field key ${key}`);
  }
  if (port.targetPort === 0) throw new GoSyntaxError('missing mandatory field "target"');
  return port as ServicePort;
}

function oneOf(value: string, known: readonly string[], what: string): string {
  if (!known.includes(value)) throw new GoSyntaxError(`invalid ${what} value ${value}`);
  return value;
}

/** strconv.ParseUint with 16 bits. */
function portNumber(text: string): number {
  if (!/^\d+$/.test(text))
    throw new GoSyntaxError(`strconv.ParseUint: parsing ${goQuote(text)}: invalid syntax`);
  if (Number(text) > 65_535)
    throw new GoSyntaxError(`strconv.ParseUint: parsing ${goQuote(text)}: value out of range`);
  return Number(text);
}

/** `[HOST:]CONTAINER[/PROTOCOL]`, each a port or a range; a range of the host's for one port publishes it on all of them. */
function shortForm(text: string): readonly ServicePort[] {
  const bindings = inClientWords(() => parsePortSpec(text));
  if (bindings.some(({ hostIp }) => hostIp !== "")) throw new GoSyntaxError("hostip is not supported");
  return bindings.flatMap(({ hostPort, containerPort, protocol }) => {
    const [first, last] = hostPort === "" ? [0, 0] : parsePortRange(hostPort)!;
    return Array.from(
      { length: last - first + 1 },
      (_, i): ServicePort => ({
        name: "",
        protocol,
        targetPort: containerPort,
        publishedPort: first + i,
        mode: "ingress",
      }),
    );
  });
}

function inClientWords<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof PortSpecError ? new GoSyntaxError(error.message) : error;
  }
}
