import { csvLine } from '../../../kit/csv/csv-line.ts';
import type { Column } from '../../api-client/text-table.ts';
import { moment } from '../../prediction/text/words.ts';
import type { Report } from './report.ts';
import type { RuleFigures } from './rule-figures.ts';
import { basisSentences, delaySentence, messageSentences, thresholdSentence } from './sentences.ts';
import { headline, pendingSentence, ruleColumns, totalColumns, unactedSentence } from './text-report.ts';

const csvColumns = [
  'alert',
  'severity',
  'domain',
  'team',
  'series',
  'firings',
  'carriedOver',
  'flaps',
  'stillFiring',
  'resolved',
  'short',
  'medianSeconds',
  'p90Seconds',
  'timeShare',
  'pendingOnly',
] as const satisfies readonly (keyof RuleFigures)[];

/** A row for each rule, in base units. */
export function csvReport({ rules }: Report): string {
  const head = csvColumns.map((name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  return [head, ...rules.map((rule) => csvColumns.map((name) => String(rule[name] ?? '')))]
    .map((fields) => csvLine(fields, '\n'))
    .join('');
}

/** Everything but the single firings. */
export function jsonReport({ window, rules, unactedOn, ...others }: Report): string {
  const shown = {
    from: new Date(window.startMs).toISOString(),
    to: new Date(window.endMs).toISOString(),
    stepSeconds: window.stepMs / 1000,
    ...others,
    rules: rules.map(({ durations: _, pauses: __, ...figures }) => figures),
    unactedOn: unactedOn.map(({ alert, severity }) => ({ alert, severity })),
  };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

/** For a page or a ticket. */
export function markdownReport(report: Report, top: number): string {
  const fired = report.rules.filter(({ series }) => series > 0);
  const onlyPending = report.rules.filter(({ series, pendingOnly }) => series === 0 && pendingOnly > 0);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['By domain', table(report.byDomain, totalColumns('Domain'))],
    ['By severity', table(report.bySeverity, totalColumns('Severity'))],
    ['By team', table(report.byTeam, totalColumns('Team'))],
    ['Noisiest rules', table(fired.slice(0, top), ruleColumns)],
    ['Messages', messageSentences(report)],
    ['Over before anybody acts', report.unactedOn.map(unactedSentence).map(bullet)],
    ['Became true, but never for long enough', onlyPending.map(pendingSentence).map(bullet)],
    ['Longer waits', report.delays.map(delaySentence).map(bullet)],
    ['Other thresholds', report.thresholds.map(thresholdSentence).map(bullet)],
    ['What this rests on', basisSentences(report).map(bullet)],
  ];
  const title = `# Alerts from ${moment(report.window.startMs)} to ${moment(report.window.endMs)}`;
  const shown = sections.filter(([, lines]) => lines.length > 0);
  return `${[title, headline(report), ...shown.map(([name, lines]) => `## ${name}\n\n${lines.join('\n')}`)].join('\n\n')}\n`;
}

function bullet(sentence: string): string {
  return `- ${escaped(sentence)}`;
}

function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ isNumber }) => (isNumber === true ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map(({ of }) => escaped(of(row))))),
  ];
}

/** Labels are the text of others: nothing in them may be markup. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
