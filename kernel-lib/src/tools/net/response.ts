import type { Nanoseconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import { type BodyLength, ChunkReader, type HttpHead, join, readHead } from "../../wire/http.js";
import { receiveSome } from "./stream.js";

/** What came first on a connection: a head and what followed it, or why there is none. `rest` is what was read beyond it. */
export type HeadOutcome =
  | { readonly kind: "head"; readonly head: HttpHead; readonly rest: Uint8Array }
  | { readonly kind: "closed" | "malformed"; readonly rest: Uint8Array };

/** A connection that is read with a limit on each wait (read(2) with a timeout), as both wgets do. */
export class ResponseReader {
  constructor(
    private readonly process: Process,
    private readonly socket: TcpSocket,
    /** Longest wait for the next bytes; 0 for no limit. */
    private readonly patience: Nanoseconds,
  ) {}

  /** The next bytes; empty at the end. Throws KernelError: ETIMEDOUT when the limit passes. */
  *some(): Steps<Uint8Array> {
    const { now } = this.process.host.world.scheduler;
    return yield* receiveSome(this.process, this.socket, this.patience > 0 ? now + this.patience : null);
  }

  /** Reads up to the end of a response's head. */
  *head(first: Uint8Array = new Uint8Array(0)): Steps<HeadOutcome> {
    let input = first;
    for (;;) {
      if (input.length > 0 && !beginsResponse(input)) return { kind: "malformed", rest: input };
      const head = readHead(input);
      if (head === "malformed") return { kind: "malformed", rest: input };
      if (head !== null) return { kind: "head", head, rest: input.slice(head.length) };
      const bytes = yield* this.some();
      if (bytes.length === 0) return { kind: "closed", rest: input };
      input = join(input, bytes);
    }
  }

  /** Reads a body, giving its parts to `take`. False when the connection ended before it did, or its chunks are malformed. */
  *body(length: BodyLength, first: Uint8Array, take: (bytes: Uint8Array) => void): Steps<boolean> {
    const chunks = length.kind === "chunked" ? new ChunkReader() : null;
    let left = length.kind === "length" ? length.length : Number.POSITIVE_INFINITY;
    for (let bytes = first; ; ) {
      const data = chunks === null ? bytes.subarray(0, left) : chunks.take(bytes);
      left -= data.length;
      if (data.length > 0) take(data);
      if (chunks?.malformed) return false;
      if (left === 0 || chunks?.done) return true;
      bytes = yield* this.some();
      if (bytes.length === 0) return length.kind === "close";
    }
  }
}

function beginsResponse(input: Uint8Array): boolean {
  const start = new TextDecoder("latin1").decode(input.subarray(0, 5));
  return "HTTP/".startsWith(start);
}
