/** Most bytes of JSON that a sealed text may unfold to: a preparation has some hundred commands, 100 kB at most. */
const MOST_BYTES = 4_000_000;

/**
 * A value as JSON, deflated (RFC 1951), in base64. This is no secret: whoever wants to read it can. It only keeps a student's eye from falling on
 * the fault.
 */
export async function seal(value: unknown): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify(value));
  const packed = await bytesOf(streamOf(json).pipeThrough(new CompressionStream("deflate-raw")));
  return btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
}

/** The value of a sealed text. Throws a RangeError for a text that is cut off, changed or too large. */
export async function unseal(text: string): Promise<unknown> {
  try {
    const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const json = await bytesOf(streamOf(packed).pipeThrough(new DecompressionStream("deflate-raw")));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch (error) {
    const why = error instanceof RangeError ? `: ${error.message}` : "";
    throw new RangeError(`the task's text is not as it was handed out: copy the cell again${why}`);
  }
}

function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      throw new RangeError(`more than ${MOST_BYTES} bytes`);
    }
    pieces.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
