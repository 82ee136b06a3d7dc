import type { Bridge } from "../link/bridge.js";
import type { BridgePort } from "../link/bridge-port.js";
import { garbageTimer } from "./ip/link/kinds/bridge.js";

const timer = (value: number): string => value.toFixed(2).padStart(7);

/** `brctl showstp`: the bridge and its ports. Spanning tree is off, so timers rest and every bridge is its own root. */
export function printBridgeStp(bridge: Bridge, now: number): string {
  const head = [
    bridge.name,
    ` bridge id\t\t${bridge.id}`,
    ` designated root\t${bridge.id}`,
    " root port\t\t   0\t\t\tpath cost\t\t   0",
    ` max age\t\t${timer(20)}\t\t\tbridge max age\t\t${timer(20)}`,
    ` hello time\t\t${timer(2)}\t\t\tbridge hello time\t${timer(2)}`,
    ` forward delay\t\t${timer(15)}\t\t\tbridge forward delay\t${timer(15)}`,
    ` ageing time\t\t${timer(bridge.ageingTime / 1e9)}`,
    ` hello timer\t\t${timer(0)}\t\t\ttcn timer\t\t${timer(0)}`,
    ` topology change timer\t${timer(0)}\t\t\tgc timer\t\t${timer(garbageTimer(bridge, now))}`,
    " flags\t\t\t",
    "",
    "",
    "",
  ];
  const ports = [...bridge.ports].sort((a, b) => (a.device.name < b.device.name ? -1 : 1));
  return head.join("\n") + ports.map(printPort).join("");
}

function printPort(port: BridgePort): string {
  const id = port.id.toString(16).padStart(4, "0");
  const lines = [
    `${port.device.name} (${port.number})`,
    ` port id\t\t${id}\t\t\tstate\t\t${port.state.padStart(15)}`,
    ` designated root\t${port.bridge.id}\tpath cost\t\t${`${port.pathCost}`.padStart(4)}`,
    ` designated bridge\t${port.bridge.id}\tmessage age timer\t${timer(0)}`,
    ` designated port\t${id}\t\t\tforward delay timer\t${timer(0)}`,
    ` designated cost\t   0\t\t\thold timer\t\t${timer(0)}`,
    " flags\t\t\t",
    ...(port.hairpin ? [" hairpin mode\t\t   1"] : []),
    "",
    "",
  ];
  return lines.join("\n");
}
