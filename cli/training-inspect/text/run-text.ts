import { wrap } from '../../../kit/wrap.ts';
import { counted } from '../../doctor/counted.ts';
import type { Problem, RunReport } from '../report.ts';
import { plot } from './plot.ts';
import { arrow, painted, safe, type TextStyle, titled } from './style.ts';
import { tagTable } from './tag-table.ts';
import { formatAge, formatBytes, formatCount, formatNumber, formatSeconds, formatTime, formatValue } from './units.ts';

const titleWidth = 13;
const plotHeight = 10;

/** All that is said of one run. */
export function runText(run: RunReport, nowSeconds: number, style: TextStyle): readonly string[] {
  const facts = factsOf(run, nowSeconds).flatMap(([title, text]) =>
    titled(title, safe(text, style), titleWidth, style),
  );
  const picture = plot(run.plot, { width: style.width - 2, height: plotHeight, isUnicode: style.isUnicode });
  return [
    `Run ${painted(safe(run.run, style), 'bold', style)}`,
    ...facts,
    ...problemLines(run, style),
    '',
    ...(picture.length > 0 ? picture.map((line) => `  ${line}`) : noLoss(run, style)),
    '',
    ...tagTable(run, style),
  ];
}

type Fact = readonly [title: string, text: string];

function factsOf(run: RunReport, nowSeconds: number): readonly Fact[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['path', run.path],
    ['framework', frameworkText(run)],
    ['from', placeText(run)],
    ['phase', phaseText(run, nowSeconds)],
    ['steps', stepsText(run)],
    ['time', timeText(run)],
    ['step time', stepTimeText(run)],
    ['restarts', restartsText(run)],
    ['checkpoints', checkpointsText(run, nowSeconds)],
    ['loss', lossText(run)],
    ['last values', run.values.map(({ title, value, unit }) => `${title} ${formatValue(value, unit)}`).join(', ')],
    ['read', sourcesText(run)],
  ];
  return facts.flatMap(([title, text]) => (text === undefined || text === '' ? [] : [[title, text] as const]));
}

function frameworkText({ framework, frameworks }: RunReport): string {
  if (framework === 'unknown') return 'unknown: no tag or line tells which';
  const others = frameworks.filter((each) => each !== framework);
  return others.length === 0 ? framework : `${framework}; there are also words of ${others.join(', ')}`;
}

function placeText({ jobId, namespace, pod, host }: RunReport): string {
  const parts = [
    jobId === '' ? undefined : `job ${jobId}`,
    namespace === '' ? undefined : `namespace ${namespace}`,
    pod === '' ? undefined : `pod ${pod}`,
    host === '' ? undefined : `host ${host}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function phaseText(run: RunReport, nowSeconds: number): string {
  const { phase, lastSignAt, isAlive, exitCode, nonfiniteLosses } = run;
  if (!run.isShown) return 'none: the exporter would not show the run, as none of its values is in the schema';
  const parts = [
    phase === 'ended' ? 'ended (nobody said how)' : phase,
    exitCode === undefined ? undefined : `exit code ${exitCode}`,
    isAlive === undefined ? undefined : isAlive ? 'its process is there' : 'its process is gone',
    lastSignAt === undefined ? 'no times are known' : `last sign of life ${formatAge(nowSeconds - lastSignAt)}`,
    nonfiniteLosses === 0 ? undefined : `${counted(nonfiniteLosses, 'loss', 'losses')} NaN or infinite`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function stepsText({ steps: { first, last, max, secondsLeft } }: RunReport): string | undefined {
  if (last === undefined) return undefined;
  const range =
    first === undefined || first === last ? formatCount(last) : `${formatCount(first)} to ${formatCount(last)}`;
  const of = max === undefined ? '' : ` of ${formatCount(max)} (${formatNumber((last / max) * 100, 3)} %)`;
  const left = secondsLeft === undefined || secondsLeft === 0 ? '' : `, about ${formatSeconds(secondsLeft)} left`;
  return `${range}${of}${left}`;
}

function timeText({ startedAt, lastSignAt }: RunReport): string | undefined {
  if (startedAt === undefined || lastSignAt === undefined || lastSignAt - startedAt < 1) return undefined;
  const from = formatTime(startedAt);
  const to = formatTime(lastSignAt);
  return `${formatSeconds(Math.round(lastSignAt - startedAt))}: ${from.replace(' UTC', '')} to ${to}`;
}

function stepTimeText({ steps: { first, last, medianSeconds, perReport } }: RunReport): string | undefined {
  if (last === undefined || first === last) return undefined;
  if (medianSeconds === undefined)
    return 'unknown, as no times with a zone were found; the exporter learns it while it reads along';
  const reports = perReport === undefined ? '' : `; a report covers ${counted(perReport, 'step')}`;
  return `${formatSeconds(medianSeconds)} (median)${reports}`;
}

function restartsText({ restarts, rollbacks, wastedSteps }: RunReport): string | undefined {
  if (restarts === 0 && rollbacks === 0) return undefined;
  const back =
    rollbacks === 0 ? '' : `; went back ${counted(rollbacks, 'time')} and lost ${counted(wastedSteps, 'step')}`;
  return `${restarts}${back}`;
}

function checkpointsText(
  { checkpoints: { complete, failed, lastStep, lastAt } }: RunReport,
  now: number,
): string | undefined {
  if (complete + failed === 0) return undefined;
  const parts = [
    `${complete} complete`,
    failed === 0 ? undefined : `${failed} incomplete or failed`,
    lastStep === undefined ? undefined : `the newest of step ${formatCount(lastStep)}`,
    lastAt === undefined ? undefined : formatAge(now - lastAt),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function lossText({ lossSpikes }: RunReport): string | undefined {
  return lossSpikes === 0 ? undefined : `${counted(lossSpikes, 'spike')} (above median + 6 MAD)`;
}

const kindNames: Readonly<Record<string, readonly [one: string, many: string]>> = {
  event_files: ['event file', 'event files'],
  logs: ['log', 'logs'],
  rank_logs: ['rank log', 'rank logs'],
  trainer_state: ['trainer_state.json', 'trainer_state.json'],
};

function sourcesText({ sources, ranks }: RunReport): string {
  const parts = sources.map(({ kind, files, bytes, records }) => {
    const [one, many] = kindNames[kind] ?? [kind, kind];
    const ofRanks = kind === 'rank_logs' && ranks > 0 ? ` of ${counted(ranks, 'rank')}` : '';
    return `${formatCount(files)} ${files === 1 ? one : many}${ofRanks} (${formatBytes(bytes)}, ${formatCount(records)} ${records === 1 ? 'record' : 'records'})`;
  });
  return parts.join(', ');
}

export function problemLines(
  { problems, furtherProblems }: { readonly problems: readonly Problem[]; readonly furtherProblems: number },
  style: TextStyle,
): readonly string[] {
  if (problems.length === 0) return [];
  const lines = problems.flatMap(({ path, what, remedy }) => [
    ...marked('! ', safe(path === undefined ? what : `${path} ${what}`, style), style),
    ...(remedy === undefined ? [] : marked(`  ${arrow(style)}`, safe(remedy, style), style)),
  ]);
  const more = furtherProblems === 0 ? [] : [`  and ${counted(furtherProblems, 'further problem')}`];
  return ['', ...lines, ...more];
}

function marked(mark: string, text: string, style: TextStyle): readonly string[] {
  const [first = '', ...rest] = wrap(text, { indent: ' '.repeat(2 + mark.length), width: style.width });
  return [`  ${mark.startsWith('!') ? painted(mark, 'yellow', style) : mark}${first.trimStart()}`, ...rest];
}

function noLoss({ lossLike, tags, plot: { loss, evalLoss } }: RunReport, style: TextStyle): readonly string[] {
  const indent = { indent: '  ', width: style.width };
  if (loss.length + evalLoss.length > 0) return wrap('Every loss is NaN or infinite, so there is no curve.', indent);
  const [first] = lossLike;
  if (first === undefined) return wrap(noTagLooksLikeOne(tags), indent);
  return [
    ...wrap(
      `No loss was found. Tags that look like one: ${lossLike.map((tag) => safe(JSON.stringify(tag), style)).join(', ')}`,
      indent,
    ),
    ...wrap('To take one as the loss, write this into a file and name it with --mapping.file:', indent),
    `    tags: [{tag: ${safe(JSON.stringify(first), style)}, as: loss}]`,
  ];
}

function noTagLooksLikeOne(tags: RunReport['tags']): string {
  const found = 'No loss was found, and no tag looks like one.';
  if (tags.some(({ is }) => is === 'metric' || is === 'scalar')) return found;
  return `${found} None of its values is in the schema, so the exporter would show that the run is there at most.`;
}
