import { createTagMap } from '../../exporters/training/schema/create-tag-map.ts';
import { modelOf } from '../../exporters/training/schema/mapping.ts';
import { compilePattern } from '../../exporters/training/schema/tags/pattern.ts';
import { createSourceLedger } from '../../exporters/training/source-ledger.ts';
import { createFileKinds } from '../../exporters/training/sources/files/file-kind.ts';
import type { FileSystem } from '../../exporters/training/sources/files/file-system.ts';
import { findRuns } from '../../exporters/training/sources/files/find-runs.ts';
import { createGate } from '../../exporters/training/sources/files/gate.ts';
import { createListings } from '../../exporters/training/sources/files/listings.ts';
import { createLocalDisks } from '../../exporters/training/sources/files/local-disks.ts';
import type { ProcFiles } from '../../exporters/training/sources/files/proc-file.ts';
import { checkJobIdPattern } from '../../exporters/training/sources/files/run-identity.ts';
import { createTroubleLog } from '../../exporters/training/sources/files/trouble-log.ts';
import { startWalk, type Walk } from '../../exporters/training/sources/files/walk.ts';
import { readMapping } from '../../exporters/training/sources/mapping-in-force.ts';
import type { Clock } from '../../kit/clock.ts';
import { ConfigError } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { findTarget, type Target, targetOfPatterns } from './find/find-target.ts';
import { createNearMisses } from './find/near-misses.ts';
import { type RunSurvey, surveyRuns } from './find/survey.ts';
import { lookedFor } from './looked-for.ts';
import { adviceFor, exporterCommand } from './next-steps.ts';
import type { InspectOptions } from './options.ts';
import { problemsOf } from './problems.ts';
import type { ProgressLine } from './progress.ts';
import { type ReadRun, readRun } from './read/read-run.ts';
import { createUnreadPaths } from './read/unread-paths.ts';
import type { InspectReport, RunReport, SilentRun } from './report.ts';
import { otherRun, runReport } from './run-report.ts';

export interface InspectDeps {
  readonly clock: Clock;
  readonly fs: FileSystem;
  readonly procFiles: ProcFiles;
  readonly hostName: string;
  readonly workingFolder: string;
  readonly readFile: (path: string) => string;
  readonly progress: ProgressLine;
}

/** An answer of the file system is waited for that long. */
const patienceSeconds = 10;
/** Runs without anything of a training that are read before it is given up to find better ones. */
const maxSilent = 50;
const maxOthers = 1000;
const mib = 1024 * 1024;

/** Looks once at a path, or without one at the patterns of the options. Throws ConfigError. */
export async function inspectPath(
  path: string | undefined,
  options: InspectOptions,
  deps: InspectDeps,
): Promise<InspectReport> {
  const mapping = readMapping(options['mapping.file'], deps.readFile);
  const jobIdPattern = checkJobIdPattern(options['runs.job-id-pattern']);
  const kindOf = createFileKinds(options['logs.names']);
  const unread = createUnreadPaths();
  const walk = walkWith(deps, unread.log);
  const settings = { workingFolder: deps.workingFolder, depth: options['runs.depth'], kindOf };
  deps.progress.begin('looking for runs', 0);
  const target = await targetOf(path, walk, settings, options);
  const matches = await findRuns(target.patterns, walk);
  const nearMisses = createNearMisses(kindOf);
  const surveys = await surveyRuns(matches, walk, { ...settings, jobIdPattern, onFolders: nearMisses.look });
  if (target.contents !== undefined && surveys.length === 0) nearMisses.look(target.contents.folders);
  const candidates = surveys.filter(({ files, hasCheckpoints }) => files > 0 || hasCheckpoints).sort(newestFirst);
  const otherPaths = new Set([...matches.values()].map((match) => match.path));
  const isMapped = createIsMapped(mapping.tags.map(({ tag }) => tag));
  const tags = createTagMap(mapping);

  const runs: RunReport[] = [];
  const silent: SilentRun[] = [];
  let next = 0;
  for (; next < candidates.length && runs.length < options['runs.shown'] && silent.length < maxSilent; next++) {
    const survey = candidates[next];
    if (survey === undefined) break;
    deps.progress.begin('reading', bytesToRead(survey, options));
    const read = await readRun(survey, otherPaths, options, {
      ...deps,
      tags,
      modelOf: (run) => modelOf(mapping, run),
      onBytes: deps.progress.read,
    });
    addTo({ runs, silent }, read, options, isMapped);
  }
  deps.progress.end();

  const rest = candidates.slice(next);
  const nowSeconds = deps.clock.now();
  const { layout } = target;
  const runFolders = layout.is === 'run' ? layout.runFolders : [];
  return {
    path: target.path,
    is: isOf(target),
    patterns: target.texts,
    runFolders,
    runs,
    silent,
    others: rest.slice(0, maxOthers).map(otherRun),
    otherCount: rest.length,
    nearMisses: runs.length > 0 ? [] : nearMisses.nearest(),
    unreadPaths: unread.list(),
    didYouMean: target.didYouMean,
    tooDeep: surveys.reduce((sum, { tooDeep }) => sum + tooDeep, 0),
    isCut: walk.isCut(),
    nowSeconds,
    command: runs.length === 0 ? undefined : exporterCommand(target.texts, runs, options, nowSeconds),
    advice: runs.length === 0 ? [] : adviceFor({ runs, runFolders, path: target.path }, options, nowSeconds),
    lookedFor: lookedFor(options),
  };
}

function walkWith({ fs, clock }: InspectDeps, log: Log): Walk {
  const gate = createGate({ patienceSeconds });
  const troubles = createTroubleLog({ log, ledger: createSourceLedger() });
  return startWalk({ fs, gate, troubles, disks: createLocalDisks({ fs, gate }), listings: createListings(clock) });
}

async function targetOf(
  path: string | undefined,
  walk: Walk,
  settings: Parameters<typeof findTarget>[2],
  options: InspectOptions,
): Promise<Target> {
  if (path !== undefined) return findTarget(path, walk, settings);
  if (options['runs.paths'].length > 0) return targetOfPatterns(options['runs.paths'], settings.workingFolder);
  throw new ConfigError('PATH is missing; give a file or folder, such as fleetlens training inspect /data/runs');
}

function isOf({ is, layout }: Target): InspectReport['is'] {
  if (is === 'missing' || is === 'file') return is;
  if (is === 'pattern') return 'runs';
  return layout.is;
}

function newestFirst(a: RunSurvey, b: RunSurvey): number {
  return (b.newestSeconds ?? 0) - (a.newestSeconds ?? 0) || (a.identity.run < b.identity.run ? -1 : 1);
}

/** Of a long log only the end is read; a little less where there are several. */
function bytesToRead({ kinds }: RunSurvey, options: InspectOptions): number {
  return [...kinds].reduce((sum, [kind, { files, bytes }]) => {
    const most = kind === 'logs' ? files * options['logs.catch-up-mib'] * mib : Number.POSITIVE_INFINITY;
    return sum + Math.min(bytes, most);
  }, 0);
}

function createIsMapped(patterns: readonly string[]): (tag: string) => boolean {
  const all = patterns.map(compilePattern);
  return (tag) => all.some((matches) => matches(tag));
}

function addTo(
  { runs, silent }: { readonly runs: RunReport[]; readonly silent: SilentRun[] },
  read: ReadRun,
  options: InspectOptions,
  isMapped: (tag: string) => boolean,
): void {
  const problems = problemsOf(read, options['logs.catch-up-mib'] * mib);
  const run = runReport(read, problems, isMapped);
  if (run === undefined) silent.push({ ...otherRun(read.survey), problems: problems.named });
  else runs.push(run);
}
