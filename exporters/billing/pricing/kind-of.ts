import { type LineKind, lineKinds, type RatedLine } from './rated.ts';

/** A line of a correction is of the kind that it corrects. */
export function kindOf({ kind, corrects, id }: RatedLine): Exclude<LineKind, 'correction'> {
  if (kind !== 'correction') return kind;
  const corrected = corrects?.kind ?? id.split('|')[1] ?? '';
  const known = lineKinds.find((each) => each === corrected);
  return known === undefined || known === 'correction' ? 'usage' : known;
}
