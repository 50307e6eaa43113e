/** A response's body as an async iterable of chunks: not every browser can iterate a ReadableStream itself. */
export async function* bytesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  let ended = false;
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) {
        ended = true;
        return;
      }
      yield value;
    }
  } finally {
    // A reader that stops early tells the server so; after an error there is nothing left to tell.
    if (!ended) await reader.cancel().catch(() => undefined);
  }
}
