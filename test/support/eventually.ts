import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until there is an answer; `what` is for the message if none comes within the time. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  { withinSeconds = 20 }: { readonly withinSeconds?: number } = {},
): Promise<T> {
  const giveUpAt = Date.now() + withinSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > giveUpAt) throw new Error(`waited ${withinSeconds} s in vain for ${what}`);
    await sleep(50);
  }
}
