import { expect, test } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import { BridgedMachine } from "./bridged.js";

test("ten megabytes over the bridge arrive whole", () => {
  const lab = new BridgedMachine();
  const listener = lab.netns("c2").tcp.socket();
  listener.bind(0, 7000);
  listener.listen(5);
  const client = lab.netns("c1").tcp.socket();
  client.connect(0xac110003, 7000);
  lab.world.scheduler.runFor(seconds(1));
  const server = listener.accept()!;
  const all = new Uint8Array(10_000_000);
  for (let i = 0; i < all.length; i++) all[i] = (i * 31) >>> 3;
  let sent = 0;
  let got = 0;
  let sum = 0;
  const began = lab.world.scheduler.now;
  while (got < all.length && lab.world.scheduler.now - began < seconds(60)) {
    sent += client.send(all.subarray(sent));
    lab.world.scheduler.runFor(20_000);
    for (let bytes = server.receive(65536); bytes !== null; bytes = server.receive(65536)) {
      for (let i = 0; i < bytes.length; i += 997) sum += bytes[i]! === all[got + i]! ? 0 : 1;
      got += bytes.length;
    }
  }
  expect([got, sum]).toEqual([all.length, 0]);
});
