import { type Engine, type EngineSeries, isRelabelled, type StatusRule } from '../../metrics/engines/engine.ts';
import { inference } from '../../metrics/inference.ts';

/** A relabelling step as Prometheus writes it. */
export interface Relabelling {
  readonly source_labels?: readonly string[];
  readonly regex?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly action?: string;
}

/** Whose names: those of the present version of the engine or of versions before. */
export type NameVersion = 'present' | 'former';

/**
 * Gives the series of an engine the names and labels of the catalogue and drops all others. A step sees one series at a time, so it cannot
 * know whether a version has both the old name of a series and the new one: either is taken, never both.
 */
export function engineRelabelling(engine: Engine, version: NameVersion): readonly Relabelling[] {
  const series = engine.series.filter(isRelabelled);
  return [
    ...modelName(engine),
    ...series.flatMap((each) => [...statusSteps(each, version), rename(each, version)]),
    { source_labels: ['__name__'], regex: unifiedNames(series), action: 'keep' },
  ];
}

function modelName({ modelLabels }: Engine): readonly Relabelling[] {
  const copied = modelLabels
    .filter((label) => label !== 'model_name')
    .map((label) => ({ source_labels: ['model_name', label], regex: ';(.+)', target_label: 'model_name' }));
  // With one label alone the copy says the same; of several each may tell two series apart.
  const isSaidTwice = modelLabels.length === 1 && copied.length === 1;
  return isSaidTwice ? [...copied, { regex: modelLabels.join('|'), action: 'labeldrop' }] : copied;
}

function statusSteps({ status, ...series }: EngineSeries, version: NameVersion): readonly Relabelling[] {
  if (status === undefined) return [];
  const name = nativeName(series, version);
  if (typeof status === 'string') return [set(['__name__'], name, 'status', status)];
  // The first case that matches counts, and of steps the last.
  const cases = [...status.cases].reverse();
  return [
    set(['__name__'], name, 'status', status.otherwise),
    ...cases.map((each) => set(['__name__', status.from], `${name};(?:${each.match})`, 'status', each.status)),
    ...reasonSteps(name, status),
  ];
}

/** Without the reason two series with one status would be alike. */
function reasonSteps(name: string, { from }: StatusRule): readonly Relabelling[] {
  if (from === 'reason') return [];
  return [set(['__name__', from], `${name};(.+)`, 'reason', '$1'), set(['__name__'], name, from, '')];
}

function set(sources: readonly string[], regex: string, target: string, replacement: string): Relabelling {
  return { source_labels: sources, regex, target_label: target, replacement };
}

function rename(series: EngineSeries, version: NameVersion): Relabelling {
  const native = nativeName(series, version);
  const conditions = Object.entries(series.where ?? {});
  const isHistogram = inference[series.unified].kind === 'histogram';
  const name = isHistogram ? `${native}_(bucket|sum|count)` : native;
  return set(
    ['__name__', ...conditions.map(([label]) => label)],
    [name, ...conditions.map(([, value]) => value)].join(';'),
    '__name__',
    isHistogram ? `${series.unified}_$1` : series.unified,
  );
}

function nativeName({ native, formerly = [] }: EngineSeries, version: NameVersion): string {
  return version === 'former' ? (formerly[0] ?? native) : native;
}

function unifiedNames(series: readonly EngineSeries[]): string {
  const names = new Set(series.map(({ unified }) => unified));
  return [...names]
    .map((name) => (inference[name].kind === 'histogram' ? `${name}_(bucket|sum|count)` : name))
    .join('|');
}
