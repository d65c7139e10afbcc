/**
 * Runs tasks, at most `limit` at once. After the first failure none is begun, those that run are told to stop and are waited for, and the failure is
 * thrown.
 */
export async function bounded(
  tasks: readonly ((signal: AbortSignal) => Promise<void>)[],
  limit: number,
  outer: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (let task = tasks[next++]; task !== undefined && failure === undefined; task = tasks[next++]) {
      try {
        outer.throwIfAborted();
        await task(signal);
      } catch (error) {
        failure ??= { error };
        stop.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, work));
  if (failure !== undefined) throw failure.error;
}
