import { setTimeout as sleep } from 'node:timers/promises';
import { startStoreChild } from './store-child.ts';

/** What a process finds when it starts. */
export interface Found {
  readonly count: number;
  /** Transactions of which only a part is there. */
  readonly torn: readonly unknown[];
  readonly batches: readonly number[];
}

export interface CrashResult {
  readonly acknowledged: number;
  readonly lost: readonly number[];
  readonly torn: readonly unknown[];
}

/** Lets processes write one after the other, ends each by SIGKILL, and lets the next one look what is there. */
export async function crashRounds(
  dist: string,
  place: object,
  rounds: number,
  onRound: (round: number) => void = () => undefined,
): Promise<CrashResult> {
  const acknowledged = new Set<number>();
  const lost = new Set<number>();
  const torn: unknown[] = [];
  for (let round = 0; round <= rounds; round++) {
    onRound(round);
    const child = startStoreChild(dist, 'write', place);
    const found: Found = JSON.parse(await child.says('found'));
    torn.push(...found.torn);
    const batches = new Set(found.batches);
    for (const batch of acknowledged) if (!batches.has(batch)) lost.add(batch);
    await child.says('wrote');
    // Anywhere in the next third of a second: within a statement, a commit, or a checkpoint.
    await sleep(Math.random() * 300);
    child.kill('SIGKILL');
    await child.ended;
    for (const batch of child.said('wrote')) acknowledged.add(Number(batch));
  }
  return { acknowledged: acknowledged.size, lost: [...lost], torn };
}
