import { greetingServer } from "../apps/busybox-httpd.js";
import type { Host } from "../host/host.js";

/** Programs that run in a preset from the start, by machine: the client serves HTTP on 8080, as in the recordings. */
const SERVICES: Readonly<
  Record<
    string,
    readonly { readonly argv: readonly string[]; readonly port: number; readonly greeting: string }[]
  >
> = {
  client: [{ argv: ["httpd", "-f", "-p", "8080"], port: 8080, greeting: "Hello from" }],
};

export function startServices(hosts: ReadonlyMap<string, Host>): void {
  for (const [name, host] of hosts) {
    for (const { argv, port, greeting } of SERVICES[name] ?? [])
      host.spawn({ argv, program: greetingServer(port, greeting) });
  }
}
