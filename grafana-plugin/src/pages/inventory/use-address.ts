import { locationService } from '@grafana/runtime';
import { useCallback } from 'react';
import { useLocation } from 'react-router-dom';

export interface Address {
  readonly text: string;
  readonly itemId: number | undefined;
  /** Back leads to what was there before. */
  readonly go: (next: { readonly text?: string | undefined; readonly itemId?: number | undefined }) => void;
  /** Back leads past it. */
  readonly replace: (next: { readonly text?: string | undefined; readonly itemId?: number | undefined }) => void;
}

/** What is looked for and chosen stands in the address, so that it can be sent to others: `?q=gpu-node-1&item=17`. */
export function useAddress(): Address {
  const parameters = new URLSearchParams(useLocation().search);
  const item = parameters.get('item') ?? '';
  const put = useCallback(
    ({ text, itemId }: Parameters<Address['go']>[0], isReplacing: boolean) =>
      locationService.partial({ q: text === '' ? null : (text ?? null), item: itemId ?? null }, isReplacing),
    [],
  );
  return {
    text: parameters.get('q') ?? '',
    itemId: /^\d{1,10}$/.test(item) ? Number(item) : undefined,
    go: useCallback((next) => put(next, false), [put]),
    replace: useCallback((next) => put(next, true), [put]),
  };
}
