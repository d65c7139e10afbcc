import { setTimeout as sleep } from 'node:timers/promises';

const giveUpAfterMs = 20_000;

/** Asks again until there is an answer; `what` is for the message if none comes. */
export async function eventually<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const giveUpAt = Date.now() + giveUpAfterMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > giveUpAt) throw new Error(`waited ${giveUpAfterMs / 1000} s in vain for ${what}`);
    await sleep(50);
  }
}
