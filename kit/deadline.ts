/**
 * Work that is told to stop when its time is over, with `late` as the reason, or when `outer` is aborted; rejects with that reason at once, also where the
 * work does not listen. Not AbortSignal.any of AbortSignal.timeout: Node may collect that timer before it fires (nodejs/node#57736), and the deadline is lost.
 */
export async function withDeadline<T>(
  { ms, late, outer }: { readonly ms: number; readonly late: Error; readonly outer: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(late), ms);
  const end = (): void => stop.abort(outer.reason);
  outer.addEventListener('abort', end, { once: true });
  const over = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true });
  });
  try {
    return await Promise.race([work(stop.signal), over]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', end);
  }
}
