import { expect, test } from "vitest";
import { formatIpv4, parseIpv4 } from "../../base/addresses.js";
import { type NamedEndpoint, NetworkNames } from "./network-names.js";

const VIP = "10.0.9.2";

function task(service: string, slot: number, address: string, vip: string | null = VIP): NamedEndpoint {
  return {
    endpointId: `${service}-${slot}`,
    taskName: `${service}.${slot}.id`,
    taskAliases: [`c${slot}`],
    serviceId: `${service}-id`,
    serviceName: service,
    aliases: ["app"],
    vip: vip === null ? null : parseIpv4(vip),
    address: parseIpv4(address),
  };
}

function network(...endpoints: readonly NamedEndpoint[]): NetworkNames {
  const names = new NetworkNames();
  for (const endpoint of endpoints) names.add(endpoint);
  return names;
}

const WEB = [task("web", 1, "10.0.9.3"), task("web", 2, "10.0.9.4")];
const PLAIN = [task("rr", 1, "10.0.9.11", null), task("rr", 2, "10.0.9.12", null)];
const SOLO: NamedEndpoint = {
  ...task("", 0, "10.0.9.20", null),
  taskName: "solo",
  serviceId: "",
  serviceName: "",
};

test.each<[string, string[]]>([
  ["web", [VIP]],
  ["WEB", [VIP]],
  ["tasks.web", ["10.0.9.3", "10.0.9.4"]],
  ["tasks.app", ["10.0.9.3", "10.0.9.4", "10.0.9.11", "10.0.9.12"]],
  ["web.2.id", ["10.0.9.4"]],
  ["c2", ["10.0.9.4", "10.0.9.12"]],
  ["rr", ["10.0.9.11", "10.0.9.12"]],
  ["app", [VIP, "10.0.9.11", "10.0.9.12"]],
  ["solo", ["10.0.9.20"]],
  ["tasks.", []],
  ["other", []],
])("%s", (name, addresses) => {
  expect(
    network(...WEB, ...PLAIN, SOLO)
      .addresses(name)
      .map(formatIpv4),
  ).toEqual(addresses);
});

test("an address leads back to the task's name, a virtual one to none", () => {
  const names = network(...WEB, SOLO);
  expect([VIP, "10.0.9.4", "10.0.9.20"].map((text) => names.nameOf(parseIpv4(text)))).toEqual([
    null,
    "web.2.id",
    "solo",
  ]);
});

test("a service's name lasts as long as one of its tasks", () => {
  const names = network(...WEB);
  names.remove("web-1");
  expect(names.addresses("web").map(formatIpv4)).toEqual([VIP]);
  expect(names.addresses("tasks.web").map(formatIpv4)).toEqual(["10.0.9.4"]);
  names.remove("web-2");
  expect(names.addresses("web")).toEqual([]);
  expect(names.nameOf(parseIpv4("10.0.9.4"))).toBeNull();
});
