import { version } from '../../../kit/version.ts';
import { wrap } from '../../../kit/wrap.ts';
import { type CheckResult, type Group, groups } from '../check.ts';
import { counted } from '../counted.ts';
import type { Status } from '../finding.ts';
import { type Summary, summarise } from './summary.ts';

export interface TextStyle {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const groupTitles: Readonly<Record<Group, string>> = {
  driver: 'Driver',
  gpus: 'GPUs',
  permissions: 'Permissions',
  sources: 'Sources',
  container: 'Container',
  exporter: 'Exporter',
};
const marks: Readonly<Record<Status, string>> = { ok: 'ok', warning: 'warn', failure: 'FAIL', not_applicable: '-' };
const colours: Readonly<Record<Status, string>> = {
  ok: '\x1b[32m',
  warning: '\x1b[33m',
  failure: '\x1b[1;31m',
  not_applicable: '\x1b[2m',
};
const plain = '\x1b[0m';
const markWidth = 6;

/** The report for people; what does not apply here is one line in each group. */
export function textReport(results: readonly CheckResult[], style: TextStyle): string {
  const titleWidth = Math.max(...results.map(({ title }) => title.length));
  const lines = groups.flatMap((group) => {
    const ofGroup = results.filter((result) => result.group === group);
    return ofGroup.length === 0 ? [] : [groupTitles[group], ...groupLines(ofGroup, titleWidth, style), ''];
  });
  return [
    `FleetLens ${version}: what the GPU exporter needs on this machine`,
    '',
    ...lines,
    lastLine(results),
    '',
  ].join('\n');
}

function groupLines(results: readonly CheckResult[], titleWidth: number, style: TextStyle): readonly string[] {
  const absent = results.filter(({ status }) => status === 'not_applicable').map(({ title }) => title);
  const lines = results
    .filter(({ status }) => status !== 'not_applicable')
    .flatMap((result) => resultLines(result, titleWidth, style));
  if (absent.length === 0) return lines;
  const indent = ' '.repeat(2 + markWidth);
  return [
    ...lines,
    ...behind(
      mark('not_applicable', style),
      wrap(`not applicable: ${absent.join(', ')}`, { indent, width: style.width }),
    ),
  ];
}

function resultLines(
  { title, status, found, remedy }: CheckResult,
  titleWidth: number,
  style: TextStyle,
): readonly string[] {
  const indent = ' '.repeat(2 + markWidth + titleWidth + 2);
  const foundLines = wrap(found, { indent, width: style.width });
  const remedyLines = remedy === undefined ? [] : wrap(remedy, { indent: `${indent}  `, width: style.width });
  return [
    ...behind(`${mark(status, style)}${title.padEnd(titleWidth)}  `, foundLines),
    ...behind(`${indent}→ `, remedyLines),
  ];
}

/** The first line begins with `start`, which stands in its indent. */
function behind(start: string, [first, ...rest]: readonly string[]): readonly string[] {
  if (first === undefined) return [];
  return [`${start}${first.trimStart()}`, ...rest];
}

function mark(status: Status, { colour }: TextStyle): string {
  const text = marks[status];
  const padding = ' '.repeat(markWidth - text.length);
  return `  ${colour ? `${colours[status]}${text}${plain}` : text}${padding}`;
}

function lastLine(results: readonly CheckResult[]): string {
  const summary = summarise(results);
  const counts = [
    summary.failures === 0 ? undefined : counted(summary.failures, 'failure'),
    summary.warnings === 0 ? undefined : counted(summary.warnings, 'warning'),
    `${summary.ok} ok`,
  ].filter((text) => text !== undefined);
  return `${verdicts[summary.status]} ${counts.join(', ')}.`;
}

const verdicts: Readonly<Record<Summary['status'], string>> = {
  ok: 'All is well:',
  warning: 'The exporter can run, but not all of it works:',
  failure: 'Something is missing or broken:',
};
