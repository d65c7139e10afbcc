import { locationService } from '@grafana/runtime';
import { useCallback, useState } from 'react';

/**
 * A choice that may live in the address. What the option holds, such as a variable, is taken whenever it changes; what people choose here counts until
 * then, and goes into the address where there is a name for it.
 */
export function useHeld(held: string, addressKey: string | undefined): readonly [string, (text: string) => void] {
  const [own, setOwn] = useState({ held, text: held });
  if (own.held !== held) setOwn({ held, text: held });
  const choose = useCallback(
    (text: string) => {
      setOwn((before) => ({ ...before, text }));
      if (addressKey !== undefined) locationService.partial({ [addressKey]: text === '' ? null : text }, true);
    },
    [addressKey],
  );
  return [own.held === held ? own.text : held, choose];
}
