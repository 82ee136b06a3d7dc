/** The kinds of network device that the lab has. */
export type DeviceKind = "loopback" | "veth" | "bridge" | "nic" | "vxlan" | "dummy";
