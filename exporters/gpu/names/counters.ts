import { type DcgmField, type DcgmLabel, dcgmFields, dcgmLabels } from './dcgm-fields.ts';
import type { DcgmSet } from './name-sets.ts';

/** A field that is to be shown, with the type and help that somebody wrote for it. */
export interface ChosenField {
  readonly field: DcgmField;
  readonly kind: 'gauge' | 'counter';
  /** Undefined in a set for which nobody wrote one. */
  readonly helps: { readonly [S in DcgmSet]?: string };
}

/** A row of a counters file that cannot be shown. */
export interface UnknownField {
  readonly line: number;
  readonly name: string;
}

/** What a counters file chooses. */
export interface Counters {
  readonly fields: readonly ChosenField[];
  readonly labels: readonly DcgmLabel[];
  readonly unknown: readonly UnknownField[];
}

/** What dcgm-exporter shows by default. */
export function defaultCounters(set: DcgmSet): Pick<Counters, 'fields' | 'labels'> {
  return {
    fields: dcgmFields
      .filter(({ defaultIn }) => defaultIn.includes(set))
      .map((field) => ({ field, kind: field.kind, helps: {} })),
    labels: dcgmLabels.filter(({ defaultIn }) => defaultIn.includes(set)),
  };
}

/** One sentence with the unit, which the names of 4.8 do not tell. */
export function helpOf({ help, units }: DcgmField, set: DcgmSet): string {
  const { name } = units[set];
  return ['count', 'code', '0 or 1'].includes(name) ? `${help}.` : `${help} (${name}).`;
}
