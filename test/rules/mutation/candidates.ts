import type { Alert, FiringExample } from '../../../rules/alert.ts';
import { numberedSituations } from '../numbered.ts';
import type { Change } from '../values.ts';
import { nameOf, type Variation } from '../variations.ts';
import type { Mutant } from './mutants.ts';

/** A variation of which nobody has looked yet whether it fires. */
export type Candidate = Omit<Variation, 'outcome'>;

const factors = [0, 0.1, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98, 1.02, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10];
const times = [0.5, 0.8, 0.9, 0.95, 1.05, 1.1];

/** What could tell mutants from their alert, the simplest first; each stage is for what the ones before did not. */
export const stages: readonly ((alert: Alert, mutants: readonly Mutant[]) => readonly Candidate[])[] = [
  (alert, mutants) => changesOfOne(alert, [...factors.map((factor) => `* ${factor}` as const), ...nearby(mutants)]),
  otherPlaces,
  leftOut,
  (alert, mutants) =>
    changesOfTwo(alert, [
      ...[0, 0.1, 0.5, 0.9, 1.1, 2, 10].map((factor) => `* ${factor}` as const),
      ...nearby(mutants).slice(0, 6),
    ]),
  placesAndValues,
];

function each(
  alert: Alert,
  candidates: (situation: FiringExample, of: number) => readonly Candidate[],
): readonly Candidate[] {
  return numberedSituations(alert).flatMap(candidates);
}

function metricsOf({ series }: FiringExample): readonly string[] {
  return [...new Set(series.map(([name]) => nameOf(name.promql)))];
}

function changesOfOne(alert: Alert, changes: readonly Change[]): readonly Candidate[] {
  return each(alert, (situation, of) =>
    metricsOf(situation).flatMap((metric) => changes.map((change) => ({ of, values: { [metric]: change } }))),
  );
}

function changesOfTwo(alert: Alert, changes: readonly Change[]): readonly Candidate[] {
  return each(alert, (situation, of) => {
    const metrics = metricsOf(situation);
    return metrics.flatMap((one, index) =>
      metrics
        .slice(index + 1)
        .flatMap((other) =>
          changes.flatMap((change) => changes.map((second) => ({ of, values: { [one]: change, [other]: second } }))),
        ),
    );
  });
}

/** The values of thresholds that were put off, and what is between: in their place, and added. */
function nearby(mutants: readonly Mutant[]): readonly Change[] {
  const pairs = mutants
    .filter(({ kind }) => kind === 'threshold')
    .map(({ change }) => /«(-?[\d.e+]+) → (-?[\d.e+-]+)»/.exec(change) ?? [])
    .map(([, was, is]) => [Number(was), Number(is)] as const);
  const numbers = pairs.flatMap(([was, is]) => [(was + is) / 2, was, is]);
  return [
    ...new Set(numbers.flatMap((number) => [`= ${number}` as const, `+ ${number}` as const, `+ ${-number}` as const])),
  ];
}

function leftOut(alert: Alert): readonly Candidate[] {
  return each(alert, (situation, of) => [
    ...(metricsOf(situation).length > 1 ? metricsOf(situation).map((without) => ({ of, without })) : []),
    ...times.map((at) => ({ of, at })),
  ]);
}

/** Labels that were dropped, and the instance where series of several were put together in another way. */
function labelsOf(mutants: readonly Mutant[]): readonly string[] {
  const dropped = mutants
    .filter(({ kind }) => kind === 'label dropped')
    .map(({ change }) => /«\(([^)]*)\) → \(([^)]*)\)»/.exec(change) ?? [])
    .flatMap(([, was = '', is = '']) => was.split(', ').filter((one) => !is.split(', ').includes(one)));
  const together = mutants.some(({ kind }) => kind === 'aggregation') ? ['instance'] : [];
  return [...new Set([...dropped, ...together])];
}

function otherPlaces(alert: Alert, mutants: readonly Mutant[]): readonly Candidate[] {
  const others = numberedSituations(alert);
  return labelsOf(mutants).flatMap((label) =>
    each(alert, (situation, of) => [
      ...metricsOf(situation).map((metric) => ({ of, moved: { metric, label } })),
      ...others.flatMap((other, index) =>
        [undefined, ...metricsOf(other)].map((metric) => ({
          of,
          beside: { of: index, label, ...(metric !== undefined && { metric }) },
        })),
      ),
    ]),
  );
}

function placesAndValues(alert: Alert, mutants: readonly Mutant[]): readonly Candidate[] {
  return otherPlaces(alert, mutants).flatMap((place) => {
    const situation = numberedSituations(alert)[place.of];
    if (situation === undefined) return [];
    return metricsOf(situation).flatMap((metric) => [
      { ...place, without: metric },
      ...[0, 0.5, 2].map((factor) => ({ ...place, values: { [metric]: `* ${factor}` as const } })),
    ]);
  });
}
