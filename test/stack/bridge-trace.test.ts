import { expect, test } from "vitest";
import { formatMac, parseMac } from "../../kernel-lib/src/base/addresses.js";
import { ms, seconds } from "../../kernel-lib/src/base/units.js";
import { addFdb } from "../../kernel-lib/src/stack/config/fdb.js";
import { setLink } from "../../kernel-lib/src/stack/config/link.js";
import { describe as describeEvent } from "../../kernel-lib/src/trace/describe.js";
import { Recorder } from "../../kernel-lib/src/trace/recorder.js";
import { bytes } from "./frames.js";
import { bridgedHost, eth0 } from "./topology.js";

const ALL = "ffffffffffff";
const FIRST = "0242ac110002";
const SECOND = "0242ac110003";
const GROUP = "01005e000005";

/** Three containers on a bridge; `send` says what the trace tells of one frame at the bridge. */
function scene() {
  const topology = bridgedHost(3);
  const { world, bridge, containers } = topology;
  const send = (from: number, to: string, source = FIRST): string => {
    const recorder = new Recorder();
    world.recorder = recorder;
    const packet = world.packets.from(bytes(`${to} ${source} 88b5 0000`));
    packet.journey = world.nextJourney();
    eth0(containers[from]!).transmit(packet);
    world.scheduler.runFor(ms(1));
    world.recorder = null;
    const seen = recorder.events.flatMap((event) => {
      if (event.kind === "bridge") return [describeEvent(event).text];
      const here = event.kind === "drop" && event.netns === "host" && event.reason !== "UNHANDLED_PROTO";
      return here ? [`${event.reason} at ${event.where}`] : [];
    });
    return seen.join(" | ").replaceAll(formatMac(bridge.mac), "BRIDGE");
  };
  return { ...topology, send };
}
type Scene = ReturnType<typeof scene>;

/** What is done before, the frame (port, destination, source), and its story. */
const ROWS: readonly (readonly [
  string,
  (scene: Scene) => void,
  readonly [number, string, string?],
  string,
])[] = [
  [
    "learning",
    () => {},
    [0, ALL],
    "from veth0: broadcast, flooded to veth1, veth2, docker0; learns the sender's MAC on this port",
  ],
  ["known", ({ send }) => send(0, ALL), [0, ALL], "from veth0: broadcast, flooded to veth1, veth2, docker0"],
  [
    "miss",
    ({ send }) => send(0, ALL),
    [0, SECOND],
    "from veth0: FDB does not know 02:42:ac:11:00:03, flooded to veth1, veth2",
  ],
  [
    "hit",
    ({ send }) => send(0, ALL),
    [1, FIRST, SECOND],
    "from veth1: FDB has 02:42:ac:11:00:02 on veth0; learns the sender's MAC on this port",
  ],
  [
    "its own",
    ({ send }) => send(0, ALL),
    [0, "BRIDGE"],
    "from veth0: BRIDGE is the bridge's own, up to the host",
  ],
  [
    "moved",
    ({ send }) => send(0, ALL),
    [1, ALL],
    "from veth1: broadcast, flooded to veth0, veth2, docker0; the sender's MAC has moved to this port",
  ],
  [
    "multicast",
    ({ send }) => send(0, ALL),
    [0, GROUP],
    "from veth0: multicast, flooded to veth1, veth2, docker0",
  ],
  [
    "aged after 300 s",
    ({ send, world }) => {
      send(0, ALL);
      world.scheduler.runFor(seconds(300));
    },
    [1, FIRST, SECOND],
    "from veth1: FDB does not know 02:42:ac:11:00:02, flooded to veth0, veth2; learns the sender's MAC on this port",
  ],
  [
    "a static entry does not age",
    ({ host, bridge, world }) => {
      addFdb(host, {
        mac: parseMac("02:42:ac:11:00:02"),
        device: bridge.ports[0]!.device,
        target: "master",
        state: "static",
      });
      world.scheduler.runFor(seconds(900));
    },
    [1, FIRST, SECOND],
    "from veth1: FDB has 02:42:ac:11:00:02 on veth0; learns the sender's MAC on this port",
  ],
  [
    "brctl setageing 0: nothing is learned, everything is flooded",
    ({ send, bridge }) => {
      bridge.ageingTime = 0;
      send(0, ALL);
    },
    [1, FIRST, SECOND],
    "from veth1: FDB does not know 02:42:ac:11:00:02, flooded to veth0, veth2",
  ],
  [
    "back by the port of origin",
    ({ send }) => send(0, ALL),
    [0, FIRST, SECOND],
    "from veth0: FDB has 02:42:ac:11:00:02 on veth0; learns the sender's MAC on this port | BRIDGE_NO_EGRESS_PORT at docker0",
  ],
  [
    "back by the port of origin with hairpin",
    ({ send, bridge }) => {
      bridge.ports[0]!.hairpin = true;
      send(0, ALL);
    },
    [0, FIRST, SECOND],
    "from veth0: FDB has 02:42:ac:11:00:02 on veth0; learns the sender's MAC on this port",
  ],
  [
    "flooded with hairpin",
    ({ send, bridge }) => {
      bridge.ports[0]!.hairpin = true;
      send(0, ALL);
    },
    [0, SECOND],
    "from veth0: FDB does not know 02:42:ac:11:00:03, flooded to veth0, veth1, veth2",
  ],
  [
    "in by a port that does not forward",
    ({ bridge }) => {
      bridge.ports[0]!.state = "disabled";
    },
    [0, ALL],
    "BRIDGE_INGRESS_STP_STATE at veth0",
  ],
  [
    "out by a port that went down: its addresses are forgotten",
    ({ send, host, bridge }) => {
      send(1, ALL, SECOND);
      setLink(host, bridge.ports[1]!.device, { up: false });
    },
    [0, SECOND],
    "from veth0: FDB does not know 02:42:ac:11:00:03, flooded to veth2; learns the sender's MAC on this port",
  ],
  [
    "without learning",
    ({ bridge }) => {
      bridge.ports[0]!.learning = false;
    },
    [0, ALL],
    "from veth0: broadcast, flooded to veth1, veth2, docker0",
  ],
];

test.each(ROWS)("%s", (_name, before, [from, to, source], expected) => {
  const at = scene();
  before(at);
  const destination = to === "BRIDGE" ? formatMac(at.bridge.mac).replaceAll(":", "") : to;
  expect(at.send(from, destination, source)).toBe(expected);
});
