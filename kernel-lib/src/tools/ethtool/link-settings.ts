import type { Bridge } from "../../link/bridge.js";
import type { Device } from "../../link/device.js";
import type { Vxlan } from "../../link/vxlan.js";

const NOT_REPORTED = `	Supported ports: [  ]
	Supported link modes:   Not reported
	Supported pause frame use: No
	Supports auto-negotiation: No
	Supported FEC modes: Not reported
	Advertised link modes:  Not reported
	Advertised pause frame use: No
	Advertised auto-negotiation: No
	Advertised FEC modes: Not reported
`;

/** What a device says of its link: megabits a second (null: unknown), and whether it calls itself twisted pair, as a veth does. */
interface LinkSettings {
  readonly speed: number | null;
  readonly twisted: boolean;
}

const UNKNOWN: LinkSettings = { speed: null, twisted: false };

/** A veth says 10 Gbit/s, a tunnel what its lower device says, a bridge the most that a port says; virtio_net does not know. */
function settingsOf(device: Device): LinkSettings {
  if (device.kind === "veth") return { speed: 10000, twisted: true };
  if (device.kind === "vxlan") {
    const { lower } = (device as Vxlan).config;
    return lower === null ? UNKNOWN : settingsOf(lower);
  }
  if (device.kind !== "bridge") return UNKNOWN;
  const speeds = (device as Bridge).ports.map((port) => settingsOf(port.device).speed ?? 0);
  const most = Math.max(0, ...speeds);
  return { speed: most === 0 ? null : most, twisted: false };
}

/** `ethtool DEVICE`; null when the driver tells nothing at all (dummy). */
export function linkSettingsText(device: Device): string | null {
  if (device.kind === "dummy") return null;
  const detected = `	Link detected: ${device.running ? "yes" : "no"}\n`;
  if (device.kind === "loopback") return `Settings for ${device.name}:\n${detected}`;
  const { speed, twisted } = settingsOf(device);
  return (
    `Settings for ${device.name}:\n${NOT_REPORTED}` +
    `	Speed: ${speed === null ? "Unknown!" : `${speed}Mb/s`}\n` +
    `	Duplex: ${twisted ? "Full" : "Unknown! (255)"}\n` +
    "	Auto-negotiation: off\n" +
    `	Port: ${twisted ? "Twisted Pair" : "Other"}\n` +
    "	PHYAD: 0\n	Transceiver: internal\n" +
    (twisted ? "	MDI-X: Unknown\n" : "") +
    detected
  );
}
