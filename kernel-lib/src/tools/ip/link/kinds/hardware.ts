import { type LinkKind, noPorts } from "./kind.js";

/** A physical card: the kernel has it from the start. */
export const nicKind: LinkKind = {
  device: "nic",
  name: null,
  namePattern: "eth",
  mtuRange: [68, 65535],
  tsoMaxSize: 65536,
  details: () => "",
  ...noPorts,
};

export const loopbackKind: LinkKind = {
  device: "loopback",
  name: null,
  namePattern: "lo",
  mtuRange: [0, 0],
  tsoMaxSize: 524280,
  details: () => "",
  ...noPorts,
};
