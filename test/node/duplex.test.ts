import fc from "fast-check";
import { Lab, seconds } from "hopbook";
import { expect, it } from "vitest";
import { node } from "../../kernel-lib/src/apps/node/node.js";

/** Bytes that can be told from each other, by their place. */
const BYTES = `const bytesFrom = (at, size, step) => Buffer.from(Array.from({ length: size }, (_, i) => ((at + i) * step + ((at + i) >> 8)) & 255));`;

/** Writes pieces one after the other, waits for "drain" when the socket says so, and checks what comes against the other side's bytes. */
const PEER = `${BYTES}
module.exports = (socket, own, ownStep, otherStep, pause, tell) => {
  const seen = [];
  let at = 0, got = 0, wrong = 0, waits = 0;
  const write = () => {
    while (own.length > 0) {
      const size = own.shift();
      const more = socket.write(bytesFrom(at, size, ownStep));
      at += size;
      if (!more) { waits++; socket.once("drain", write); return; }
    }
    socket.end();
  };
  socket.on("data", (data) => {
    if (!data.equals(bytesFrom(got, data.length, otherStep))) wrong++;
    got += data.length;
    if (pause > 0) { socket.pause(); setTimeout(() => socket.resume(), pause); }
  });
  for (const name of ["end", "finish", "error", "close"]) socket.on(name, () => seen.push(name));
  socket.on("close", () => tell(JSON.stringify({ sent: at, got, wrong, waits, written: socket.bytesWritten, read: socket.bytesRead, seen })));
  write();
};`;

const SERVER = (sizes: readonly number[], pause: number) => `
const server = require("net").createServer({ allowHalfOpen: true }, (socket) => {
  server.close();
  require("./peer.js")(socket, ${JSON.stringify(sizes)}, 7, 13, ${pause}, console.log);
}).listen(5000);`;

const CLIENT = (sizes: readonly number[], pause: number) => `
const socket = require("net").connect({ port: 5000, host: "192.168.56.101", allowHalfOpen: true }, () =>
  require("./peer.js")(socket, ${JSON.stringify(sizes)}, 13, 7, ${pause}, console.log));`;

interface Told {
  readonly sent: number;
  readonly got: number;
  readonly wrong: number;
  readonly waits: number;
  readonly written: number;
  readonly read: number;
  readonly seen: readonly string[];
}

async function exchange(
  seed: number,
  toServer: readonly number[],
  toClient: readonly number[],
  pause: number,
) {
  const lab = Lab.preset("single", { docker: "20.10", seed });
  const { docker01, client } = lab.machines;
  const files = {
    "peer.js": PEER,
    "server.js": SERVER(toClient, pause),
    "client.js": CLIENT(toServer, pause),
  };
  for (const machine of [docker01, client]) {
    machine.host.programs.set("node", node);
    for (const [name, text] of Object.entries(files)) machine.host.files.write(`/root/${name}`, text);
  }
  for (const cable of Object.values(lab.cables)) cable.set({ loss: 0.03 });
  const server = docker01.start("node /root/server.js");
  await lab.sleep(seconds(1));
  const near = client.start("node /root/client.js");
  await lab.sleep(seconds(60));
  return { near: JSON.parse(near.text) as Told, far: JSON.parse(server.text) as Told };
}

/** Sizes of writes: mostly small ones, some larger than the socket's buffers. */
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 80_000 })), {
  minLength: 1,
  maxLength: 12,
});

it("bytes in are bytes out, both ways, with 3 % of the frames lost; end comes before close, and no error", async () => {
  let waits = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1000),
      sizes,
      sizes,
      fc.constantFrom(0, 0, 3),
      async (seed, toServer, toClient, pause) => {
        const { near, far } = await exchange(seed, toServer, toClient, pause);
        const sum = (list: readonly number[]) => list.reduce((total, size) => total + size, 0);
        for (const [told, sent, got] of [
          [near, sum(toServer), sum(toClient)],
          [far, sum(toClient), sum(toServer)],
        ] as const) {
          expect(told).toMatchObject({ sent, got, wrong: 0, written: sent, read: got });
          expect([...told.seen].sort()).toEqual(["close", "end", "finish"]);
          expect(told.seen.at(-1)).toBe("close");
        }
        waits += near.waits + far.waits;
      },
    ),
    { seed: 5, numRuns: 6, endOnFailure: true },
  );
  expect(waits).toBeGreaterThan(0);
}, 120_000);
