import { moneyText } from '../pricing/currency.ts';
import { decimal, decimalText, sumOf } from '../pricing/decimal.ts';
import type { DecimalText, LineKind, RatedLine } from '../pricing/rated.ts';

const sums = ['quantity', 'listCost', 'contractedCost', 'effectiveCost', 'amount'] as const;
type Sum = (typeof sums)[number];

interface Billed {
  readonly line: RatedLine;
  readonly id: string;
  readonly kind: LineKind;
  readonly values: Readonly<Record<Sum, DecimalText>>;
}

/**
 * What has to be added to lines that were billed, corrections among them, so that they say what is true now: signed lines of kind
 * correction, in the order of the lines that they correct. Empty if nothing has changed.
 */
export function correctionLines(
  billed: readonly RatedLine[],
  now: readonly RatedLine[],
  currency: string,
): readonly RatedLine[] {
  const before = byLine(billed);
  const after = byLine(now);
  const ids = [...new Set([...after.keys(), ...before.keys()])];
  return ids.flatMap((id) => {
    const line = difference(before.get(id), after.get(id), currency);
    return line === undefined ? [] : [line];
  });
}

function difference(before: Billed | undefined, after: Billed | undefined, currency: string): RatedLine | undefined {
  const subject = after ?? before;
  if (subject === undefined) return undefined;
  const deltas = new Map(
    sums.map(
      (name) => [name, decimal(after?.values[name] || '0').minus(decimal(before?.values[name] || '0'))] as const,
    ),
  );
  if ([...deltas.values()].every((delta) => delta.isZero())) return undefined;
  const delta = (name: Sum): DecimalText => decimalText(deltas.get(name) ?? decimal('0'));
  const { line, id, kind } = subject;
  const told = (billed: Billed | undefined): string =>
    billed === undefined
      ? 'nothing'
      : [`${billed.values.quantity} ${line.unit}`.trim(), `${billed.values.amount} ${currency}`]
          .filter((each) => each !== '')
          .join(', ');
  return {
    ...line,
    id: `correction|${id}`,
    kind: 'correction',
    corrects: { id, kind },
    description: subject.line.kind === 'correction' ? line.description : `Correction: ${line.description}`,
    quantity: line.quantity === '' ? '' : delta('quantity'),
    listCost: delta('listCost'),
    contractedCost: delta('contractedCost'),
    effectiveCost: delta('effectiveCost'),
    amount: moneyText(deltas.get('amount') ?? decimal('0'), currency),
    steps: [
      `billed before: ${told(before)}`,
      `as it is known now: ${told(after)}`,
      `difference: ${moneyText(deltas.get('amount') ?? decimal('0'), currency)} ${currency}`,
    ],
  };
}

/** Lines that are about the same, summed up. */
function byLine(lines: readonly RatedLine[]): ReadonlyMap<string, Billed> {
  const found = new Map<string, Billed>();
  for (const line of lines) {
    const { id, kind } = line.corrects ?? line;
    const known = found.get(id);
    const values = Object.fromEntries(
      sums.map((name) => [name, added(known?.values[name] ?? '', line[name])]),
    ) as Record<Sum, DecimalText>;
    found.set(id, { line, id, kind, values });
  }
  return found;
}

/** Empty only if both are. */
function added(one: DecimalText, other: DecimalText): DecimalText {
  if (one === '' || other === '') return one + other;
  return decimalText(sumOf([one, other]));
}
