import { createHash } from 'node:crypto';
import { SourceError } from '../../../kit/errors.ts';
import type { MeteredWindow, UsageKey } from '../usage.ts';
import { checkWindow, keyName, windowText } from './check-window.ts';
import { cleanKey, digestOf, keyText } from './usage-key.ts';

/** A quantity of one series. */
export interface Amount {
  /** Of the key: see `digestOf`. */
  readonly digest: string;
  readonly key: UsageKey;
  readonly quantity: bigint;
}

/** A window as the ledger takes it. */
export interface PreparedWindow {
  readonly window: MeteredWindow;
  /** In the order of their keys; none is 0. */
  readonly amounts: readonly Amount[];
  readonly hash: string;
}

/** Checks a window and reckons its hash. Throws SourceError. */
export function prepareWindow(window: MeteredWindow): PreparedWindow {
  checkWindow(window);
  const usages = window.usages
    .filter(({ quantity }) => quantity !== 0n)
    .map(({ quantity, ...usage }) => {
      const key = cleanKey(usage);
      return { key, text: keyText(key), quantity };
    })
    .sort((a, b) => (a.text < b.text ? -1 : 1));
  const twice = usages.find(({ text }, index) => text === usages[index - 1]?.text);
  if (twice !== undefined) {
    throw new SourceError(`the window ${windowText(window)} is refused: it has ${keyName(twice.key)} twice`);
  }
  return {
    window,
    amounts: usages.map(({ key, text, quantity }) => ({ digest: digestOf(text), key, quantity })),
    hash: hashOf(window, usages),
  };
}

/** SHA-256 of all that the window says was used, in canonical form. */
export function hashOf(
  { meter, cluster, span }: Pick<MeteredWindow, 'meter' | 'cluster' | 'span'>,
  sorted: readonly { readonly text: string; readonly quantity: bigint }[],
): string {
  const hash = createHash('sha256').update(JSON.stringify([meter, cluster, span.startMs, span.endMs]));
  for (const { text, quantity } of sorted) hash.update(`\n${text} ${quantity}`);
  return hash.digest('hex');
}
