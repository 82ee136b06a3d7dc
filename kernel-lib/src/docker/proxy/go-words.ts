import { ERRNO_TEXT, type KernelError } from "../../base/errno.js";

/** An address and port as Go's net package writes them: an IPv6 address is in brackets. */
export function goAddress(address: string, port: number | string): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/** The kernel's refusal as Go's syscall package words it: strerror's text in lower case. */
export function goError({ errno }: KernelError): string {
  return ERRNO_TEXT[errno].toLowerCase();
}
