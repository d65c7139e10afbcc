import { otherName } from '../metering/request-end.ts';

/** Makes labels of names that come from outside. */
export interface BoundedNames {
  /** The name itself while there is room for it, and the common name for all others. */
  readonly labelOf: (name: string) => string;
}

/** No control characters and no halves of characters: the latter are all written alike, so that two series would be one. */
const printable = /^[^\p{C}]{1,256}$/u;

/** `known` names always have room; with `onlyKnown` no others do. */
export function createBoundedNames(
  most: number,
  { known, onlyKnown }: { readonly known: readonly string[]; readonly onlyKnown: boolean },
): BoundedNames {
  const names = new Set(known);
  const mostNames = onlyKnown ? names.size : Math.max(most, names.size);
  return {
    labelOf: (name) => {
      if (names.has(name)) return name;
      if (names.size >= mostNames || !printable.test(name)) return otherName;
      names.add(name);
      return name;
    },
  };
}
