import { createContext, useContext } from 'react';

/** What all parts of the view of an item need. */
export interface Lookup {
  readonly choose: (id: number) => void;
  /** Changes when the panel or page is refreshed. */
  readonly refreshKey: number;
  readonly timeZone: string;
  /** Of the name of the item; its sections have the next one. */
  readonly headingLevel: 1 | 2 | 3;
}

const LookupContext = createContext<Lookup>({
  choose: () => undefined,
  refreshKey: 0,
  timeZone: 'browser',
  headingLevel: 3,
});

export const LookupProvider = LookupContext.Provider;

export function useLookup(): Lookup {
  return useContext(LookupContext);
}
