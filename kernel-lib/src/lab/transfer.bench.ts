import { invariant } from "../base/assert.js";
import { ms } from "../base/units.js";
import type { TcpSocket } from "../socket/tcp/tcp-socket.js";
import type { Clock } from "../stack/pace.bench.js";
import type { Lab } from "./lab.js";
import { OVERLAY_SERVER, overlayOfTwo } from "./overlay.bench.js";

const PORT = 7000;
const CHUNK = 65_536;
/** Virtual time that one turn of the clock takes, and the most that a transfer may take. */
const TURN = ms(1);
const PATIENCE = 600e9;

/** What one transfer took. */
export interface TransferResult {
  readonly wallMs: number;
  /** Seconds of virtual time. */
  readonly simulatedSeconds: number;
  /** Segments sent again. */
  readonly repeated: number;
}

/** A way of the length of a city: 1 Gbit/s, 1 ms each way. */
const CABLE = { rate: 1e9, delay: ms(1) } as const;

/** Bytes of TCP from a container to one on another host, through both bridges and the tunnel; the cable to the second host loses `loss` of its frames, both ways. */
export function measureTransfer(
  clock: Clock,
  { bytes = 10_000_000, loss = 0 }: { readonly bytes?: number; readonly loss?: number } = {},
): TransferResult {
  const { lab, ends } = overlayOfTwo();
  const listener = ends[1].tcp.socket();
  listener.bind(0, PORT);
  listener.listen(1);
  const sender = ends[0].tcp.socket();
  sender.connect(OVERLAY_SERVER, PORT);
  lab.world.scheduler.runFor(ms(50));
  const receiver = listener.accept();
  invariant(receiver !== null, "the bench's connection does not come about");
  lab.cables["lan-b"]!.set({ ...CABLE, loss });
  const start = clock();
  const began = lab.world.scheduler.now;
  const got = pump(lab, sender, receiver, bytes);
  invariant(got === bytes, `the bench lost ${bytes - got} bytes`);
  return {
    wallMs: clock() - start,
    simulatedSeconds: (lab.world.scheduler.now - began) / 1e9,
    repeated: ends[0].tcp.statistics.RetransSegs,
  };
}

/** Writes and reads as programs do, as soon as there is room or something to read. Gives how many bytes came. */
function pump(lab: Lab, sender: TcpSocket, receiver: TcpSocket, bytes: number): number {
  const { scheduler } = lab.world;
  const chunk = new Uint8Array(CHUNK);
  let sent = 0;
  let got = 0;
  const write = () => {
    let taken = 1;
    while (taken > 0 && sent < bytes) {
      taken = sender.send(chunk.subarray(0, bytes - sent));
      sent += taken;
    }
    if (sent < bytes) sender.wait.add(write);
  };
  const read = () => {
    for (let part = receiver.receive(); part !== null && part.length > 0; part = receiver.receive())
      got += part.length;
    receiver.wait.add(read);
  };
  write();
  read();
  for (let waited = 0; got < bytes && waited < PATIENCE; waited += TURN) scheduler.runFor(TURN);
  return got;
}
