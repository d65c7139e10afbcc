import type { Socket } from 'node:net';

/** Work that was asked for may take as long as its own deadlines allow; a socket on which nothing moves is closed much sooner otherwise. */
const patienceMs = 15 * 60_000;

/** Leaves the socket open while the work goes on, and is as impatient as before with whoever does not take its answer. */
export async function patiently<T>(socket: Socket, work: () => T | Promise<T>): Promise<T> {
  const { timeout = 0 } = socket;
  if (timeout > 0) socket.setTimeout(Math.max(timeout, patienceMs));
  try {
    return await work();
  } finally {
    if (timeout > 0) socket.setTimeout(timeout);
  }
}

/** The same for each piece of an answer that is made while it is sent. */
export async function* patientPieces(pieces: AsyncIterable<string>, socket: Socket): AsyncGenerator<string> {
  const iterator = pieces[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await patiently(socket, () => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}
