import { describe, expect, it } from "vitest";
import type { ServicePort } from "../model/service.js";
import { PublishedPortSpace } from "./ports.js";

const port = (publishedPort: number, more: Partial<ServicePort> = {}): ServicePort => ({
  name: "",
  protocol: "tcp",
  targetPort: 80,
  publishedPort,
  mode: "ingress",
  ...more,
});

const numbers = (ports: readonly ServicePort[] | null) => ports?.map(({ publishedPort }) => publishedPort);

describe("published ports of the routing mesh", () => {
  it("are chosen from 30000 on where nobody named them, for each protocol by itself", () => {
    const space = new PublishedPortSpace();
    expect(numbers(space.claim("a", [port(0), port(0, { targetPort: 81 })], []))).toEqual([30000, 30001]);
    expect(numbers(space.claim("b", [port(0), port(0, { protocol: "udp" })], []))).toEqual([30002, 30000]);
  });

  it("belong to one service", () => {
    const space = new PublishedPortSpace();
    expect(numbers(space.claim("a", [port(8080)], []))).toEqual([8080]);
    expect(space.claim("b", [port(8080)], [])).toBeNull();
    expect(numbers(space.claim("b", [port(8080, { protocol: "udp" })], []))).toEqual([8080]);
    space.release("a");
    expect(numbers(space.claim("c", [port(8080)], []))).toEqual([8080]);
  });

  it("stay with the service when it changes", () => {
    const space = new PublishedPortSpace();
    const had = space.claim("a", [port(0)], [])!;
    expect(numbers(space.claim("a", [port(0), port(9000)], had))).toEqual([30000, 9000]);
  });

  it("in mode host are the node's", () => {
    expect(numbers(new PublishedPortSpace().claim("a", [port(0, { mode: "host" })], []))).toEqual([0]);
  });
});
