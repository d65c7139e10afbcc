import type { InspectOptions } from './options.ts';
import { inspectOptions } from './options.ts';
import type { RunReport } from './report.ts';
import { formatAge } from './text/units.ts';

/** A word that the shell takes as it is. */
const plainWord = /^[\w@%+=:,./-]+$/;
const maxRetentionDays = 30;
const day = 86_400;

/** A word for a POSIX shell; control characters need the form of Bash. */
export function quoted(word: string): string {
  if (plainWord.test(word)) return word;
  if (!/\p{Cc}/u.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escapes = word
    .replaceAll(/[\\']/g, '\\$&')
    .replaceAll(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `$'${escapes}'`;
}

/** The exporter that shows these runs, with the options that were given here. */
export function exporterCommand(
  patterns: readonly string[],
  runs: readonly RunReport[],
  options: InspectOptions,
  nowSeconds: number,
): string {
  const retention = retentionFor(runs, options, nowSeconds);
  const words = [
    `--runs.paths=${quoted(patterns.join(','))}`,
    ...given(options, 'runs.depth'),
    ...given(options, 'runs.job-id-pattern'),
    ...given(options, 'logs.names'),
    ...given(options, 'logs.catch-up-mib'),
    ...mappingFile(runs, options),
    ...(retention !== undefined && retention !== 'too old' ? [`--runs.retention=${retention}`] : []),
  ];
  return `fleetlens training ${words.join(' ')}`;
}

/** Where none of the values is in the schema a file has to say what they are. */
function mappingFile(runs: readonly RunReport[], options: InspectOptions): readonly string[] {
  const given = options['mapping.file'];
  if (given !== undefined) return [`--mapping.file=${quoted(given)}`];
  return runs.every(hasNothingShown) ? ['--mapping.file=mapping.yaml'] : [];
}

function hasNothingShown({ tags }: RunReport): boolean {
  return tags.every(({ is }) => is !== 'metric' && is !== 'scalar');
}

/** What else there is to know before it is run. */
export function adviceFor(
  {
    runs,
    runFolders,
    path,
  }: { readonly runs: readonly RunReport[]; readonly runFolders: readonly string[]; readonly path: string },
  options: InspectOptions,
  nowSeconds: number,
): readonly string[] {
  const retention = retentionFor(runs, options, nowSeconds);
  const newest = newestOf(runs);
  return [
    ...(runs.every(hasNothingShown)
      ? ['Nothing of it is shown without a mapping file; what to write into it is said above.']
      : []),
    ...(runFolders.length > 1
      ? [
          `All below it counts as one run, but ${runFolders.length} folders in it look like runs of their own (${runFolders.slice(0, 3).join(', ')}${runFolders.length > 3 ? ', …' : ''}). To have each as a run: fleetlens training inspect ${quoted(`${path}/*`)}`,
        ]
      : []),
    ...(retention === 'too old' && newest !== undefined
      ? [
          `It was last written ${formatAge(nowSeconds - newest)}, and the exporter shows no runs that are older than ${maxRetentionDays} days.`,
        ]
      : []),
    ...(typeof retention === 'string' && retention !== 'too old'
      ? ['Without --runs.retention the exporter leaves out runs that are as old as this.']
      : []),
  ];
}

function given(
  options: InspectOptions,
  name: 'runs.depth' | 'runs.job-id-pattern' | 'logs.names' | 'logs.catch-up-mib',
): readonly string[] {
  const value = String(options[name]);
  return value === String(inspectOptions.options[name].default) ? [] : [`--${name}=${quoted(value)}`];
}

function newestOf(runs: readonly RunReport[]): number | undefined {
  const times = runs.flatMap(({ writtenAt }) => writtenAt ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Undefined where the exporter would read the newest of the runs anyway. */
function retentionFor(runs: readonly RunReport[], options: InspectOptions, nowSeconds: number): string | undefined {
  const newest = newestOf(runs);
  if (newest === undefined) return undefined;
  const age = nowSeconds - newest;
  if (age <= options['runs.idle-after'] + options['runs.retention']) return undefined;
  const days = Math.ceil(age / day) + 1;
  return days > maxRetentionDays ? 'too old' : `${days}d`;
}
