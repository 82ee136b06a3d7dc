import { expect, test } from "vitest";
import { formatIpv4, parseIpv4 } from "../../base/addresses.js";
import { type BindingChange, type Replica, ServiceBindings } from "./bindings.js";

function replica(service: string, endpoint: number, published: readonly number[] = []): Replica {
  return {
    endpointId: `${service}-${endpoint}`,
    networkId: published.length > 0 ? "ingress" : "net",
    serviceId: service,
    vip: service.startsWith("rr") ? null : parseIpv4("10.0.0.5"),
    address: parseIpv4(`10.0.0.${endpoint}`),
    ingressPorts: published.map((port) => ({ protocol: "tcp", publishedPort: port, targetPort: 8000 })),
  };
}

function text(changes: readonly BindingChange[]): readonly string[] {
  return changes.map((change) => {
    const mark = `0x${change.balancer.mark.toString(16)}`;
    return `${change.kind} ${mark}${"address" in change ? ` ${formatIpv4(change.address)}` : ""}`;
  });
}

test("a service comes with its first replica and goes with its last; in between a replica is put to rest", () => {
  const bindings = new ServiceBindings();
  expect(text(bindings.add(replica("web", 6)))).toEqual([
    "service-added 0x100",
    "backend-added 0x100 10.0.0.6",
  ]);
  expect(text(bindings.add(replica("web", 7)))).toEqual(["backend-added 0x100 10.0.0.7"]);
  expect(text(bindings.add(replica("web", 7)))).toEqual([]);
  expect(text(bindings.disable(replica("web", 7)))).toEqual(["backend-disabled 0x100 10.0.0.7"]);
  expect(text(bindings.disable(replica("web", 7)))).toEqual([]);
  expect(text(bindings.remove(replica("web", 7)))).toEqual(["backend-removed 0x100 10.0.0.7"]);
  expect(text(bindings.remove(replica("web", 7)))).toEqual([]);
  expect(text(bindings.remove(replica("web", 6)))).toEqual([
    "backend-removed 0x100 10.0.0.6",
    "service-removed 0x100",
  ]);
  expect([...bindings.inNetwork("net")]).toEqual([]);
});

test("marks are counted by service and network, those of services without a virtual address too, and never given again", () => {
  const bindings = new ServiceBindings();
  for (const one of [replica("web", 6, [80]), replica("web", 9), replica("rr", 11), replica("api", 12)])
    bindings.add(one);
  expect(bindings.markOf("ingress", "web")).toBe(0x100);
  expect(bindings.markOf("net", "web")).toBe(0x101);
  expect(bindings.markOf("net", "rr")).toBe(0x102);
  expect(bindings.markOf("net", "api")).toBe(0x103);
  bindings.remove(replica("api", 12));
  expect(bindings.markOf("net", "api")).toBeNull();
  expect(text(bindings.add(replica("api", 12)))[0]).toBe("service-added 0x104");
});

test("with other published ports a service is balanced anew beside the old one", () => {
  const bindings = new ServiceBindings();
  bindings.add(replica("web", 6, [80]));
  expect(text(bindings.add(replica("web", 7, [80, 443])))[0]).toBe("service-added 0x101");
  expect([...bindings.inNetwork("ingress")].map(({ ports }) => ports.length)).toEqual([1, 2]);
});
