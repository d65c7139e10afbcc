import { version } from '../../../kit/version.ts';
import { wrap } from '../../../kit/wrap.ts';
import { counted } from '../../doctor/counted.ts';
import type { InspectReport, OtherRun } from '../report.ts';
import { problemLines, runText } from './run-text.ts';
import { fitted, padded } from './safe-text.ts';
import { arrow, safe, type TextStyle } from './style.ts';
import { formatAge, formatBytes, formatCount } from './units.ts';

const namedRuns = 10;

/** The report for people. */
export function textReport(report: InspectReport, style: TextStyle): string {
  const paragraph = (text: string): readonly string[] => wrap(safe(text, style), { indent: '', width: style.width });
  return [
    `FleetLens ${version}: what the training exporter would show of`,
    `${safe(report.path, style)}`,
    '',
    ...paragraph(verdict(report)),
    '',
    ...report.runs.flatMap((run) => [...runText(run, report.nowSeconds, style), '']),
    ...silentRuns(report, style),
    ...otherRuns(report, style),
    ...unreadPaths(report, style),
    ...nothingFound(report, style),
    ...nextSteps(report, style),
  ].join('\n');
}

function verdict({ is, runs, silent, otherCount, isCut }: InspectReport): string {
  const cut = isCut ? ' There is more than is looked through; give a narrower path.' : '';
  if (runs.length === 0) return `${nothingWords(is, silent.length)}${cut}`;
  const total = runs.length + silent.length + otherCount;
  if (is === 'file') return `It is one file, and a run of its own.${cut}`;
  if (is === 'run' && total === 1) return `It is one run.${cut}`;
  const shown =
    total === runs.length ? '' : `; shown ${runs.length === 1 ? 'is the one' : `are the ${runs.length}`} written last`;
  return `It has ${counted(total, 'run')}${shown}.${cut}`;
}

function nothingWords(is: InspectReport['is'], silent: number): string {
  if (is === 'missing') return 'There is no such file or folder.';
  return silent > 0 ? 'Files were read, but none tells of a training.' : 'Nothing of a training was found.';
}

function silentRuns({ silent, runs }: InspectReport, style: TextStyle): readonly string[] {
  if (silent.length === 0) return [];
  const lines = silent.slice(0, namedRuns).flatMap((run) => [
    ...wrap(safe(`${run.path}: ${counted(run.files, 'file')}, ${formatBytes(run.bytes)}`, style), {
      indent: '  ',
      width: style.width,
    }),
    ...problemLines({ problems: run.problems, furtherProblems: 0 }, style).slice(1),
  ]);
  const title = runs.length === 0 ? 'What was read:' : 'Read, and nothing of a training understood:';
  return [title, ...lines, ...more(silent.length - namedRuns), ''];
}

function otherRuns({ others, otherCount, nowSeconds }: InspectReport, style: TextStyle): readonly string[] {
  if (otherCount === 0) return [];
  const named = others.slice(0, namedRuns);
  const rows = named.map(({ run }) => safe(run, style));
  const width = Math.min(Math.max(...rows.map((name) => name.length)), Math.floor(style.width / 2));
  return [
    'Not read (--runs.shown has more of them read):',
    ...named.map(
      (run, at) => `  ${padded(fitted(rows[at] ?? '', width, style.isUnicode), width)}  ${sizeOf(run, nowSeconds)}`,
    ),
    ...more(otherCount - named.length),
    '',
  ];
}

function sizeOf({ files, bytes, writtenAt }: OtherRun, nowSeconds: number): string {
  const age = writtenAt === undefined ? '' : `, ${formatAge(nowSeconds - writtenAt)}`;
  return `${counted(files, 'file')}, ${formatBytes(bytes)}${age}`;
}

function more(count: number): readonly string[] {
  return count > 0 ? [`  and ${formatCount(count)} more`] : [];
}

function unreadPaths({ unreadPaths: paths }: InspectReport, style: TextStyle): readonly string[] {
  if (paths.length === 0) return [];
  const problems = paths
    .slice(0, namedRuns)
    .map(({ path, reason }) => ({ path, what: `cannot be read: ${reason}`, remedy: undefined }));
  return [
    'Folders and files that cannot be read:',
    ...problemLines({ problems, furtherProblems: paths.length - problems.length }, style).slice(1),
    ...wrap(`${arrow(style)}give your user, and that of the exporter, the right to read them`, {
      indent: '    ',
      width: style.width,
    }),
    '',
  ];
}

function nothingFound(report: InspectReport, style: TextStyle): readonly string[] {
  const { runs, nearMisses, didYouMean, tooDeep, lookedFor, is } = report;
  if (runs.length > 0) return [];
  const list = (lines: readonly string[]): readonly string[] =>
    lines.flatMap((line) => {
      const [first = '', ...rest] = wrap(safe(line, style), { indent: '    ', width: style.width });
      return [`  - ${first.trimStart()}`, ...rest];
    });
  return [
    ...(didYouMean === undefined ? [] : [safe(`Did you mean ${didYouMean}?`, style), '']),
    ...(is === 'missing' ? [] : ['Looked for:', ...list(lookedFor), '']),
    ...(nearMisses.length === 0
      ? []
      : ['Near misses:', ...list(nearMisses.map(({ path, why }) => `${path} ${why}`)), '']),
    ...(tooDeep === 0
      ? []
      : [
          `${counted(tooDeep, 'folder')} deeper than --runs.depth ${tooDeep === 1 ? 'was' : 'were'} not looked into.`,
          '',
        ]),
  ];
}

function nextSteps({ command, advice }: InspectReport, style: TextStyle): readonly string[] {
  if (command === undefined && advice.length === 0) return [];
  const lines = advice.flatMap((text) => wrap(safe(text, style), { indent: '  ', width: style.width }));
  const commandLines = command === undefined ? [] : [`  ${safe(command, style)}`];
  return ['What to do next:', ...commandLines, ...lines, ''];
}
