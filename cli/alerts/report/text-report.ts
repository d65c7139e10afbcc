import { type Column, textTable } from '../../api-client/text-table.ts';
import { bullets, moment, paragraph } from '../../prediction/text/words.ts';
import { painted, type TextStyle } from '../../training-inspect/text/style.ts';
import { countText, firingsText, secondsText, shareText, shortSeconds } from './labels.ts';
import type { Report, Total } from './report.ts';
import type { RuleFigures } from './rule-figures.ts';
import { basisSentences, delaySentence, messageSentences, thresholdSentence } from './sentences.ts';

export const ruleColumns: readonly Column<RuleFigures>[] = [
  { title: 'Alert', of: ({ alert }) => alert },
  { title: 'Severity', of: ({ severity }) => severity },
  { title: 'Fired', of: ({ firings }) => countText(firings), isNumber: true },
  { title: 'Flaps', of: ({ flaps }) => countText(flaps), isNumber: true },
  { title: 'Median', of: ({ medianSeconds }) => shortSeconds(medianSeconds), isNumber: true },
  { title: 'p90', of: ({ p90Seconds }) => shortSeconds(p90Seconds), isNumber: true },
  { title: 'Still', of: ({ stillFiring }) => countText(stillFiring), isNumber: true },
  { title: 'Of time', of: ({ timeShare }) => shareText(timeShare), isNumber: true },
];

export function totalColumns(title: string): readonly Column<Total>[] {
  return [
    { title, of: ({ name }) => name },
    { title: 'Rules', of: ({ rules }) => countText(rules), isNumber: true },
    { title: 'Fired', of: ({ firings }) => countText(firings), isNumber: true },
    { title: 'Flaps', of: ({ flaps }) => countText(flaps), isNumber: true },
    { title: 'Still firing', of: ({ stillFiring }) => countText(stillFiring), isNumber: true },
  ];
}

/** For a terminal. */
export function textReport(report: Report, top: number, style: TextStyle): readonly string[] {
  const { window, rules } = report;
  const fired = rules.filter(({ series }) => series > 0);
  const onlyPending = rules.filter(({ series, pendingOnly }) => series === 0 && pendingOnly > 0);
  return [
    painted(`Alerts from ${moment(window.startMs)} to ${moment(window.endMs)}`, 'bold', style),
    ...paragraph(headline(report), style),
    ...[
      { title: 'Domain', totals: report.byDomain },
      { title: 'Severity', totals: report.bySeverity },
      { title: 'Team', totals: report.byTeam },
    ].flatMap(({ title, totals }) => ['', ...textTable(totals, totalColumns(title), style)]),
    ...section('Noisiest rules', textTable(fired.slice(0, top), ruleColumns, style), style),
    ...(fired.length > top ? [`${fired.length - top} more; --top=${fired.length} shows them.`] : []),
    ...section(
      'Messages',
      messageSentences(report).flatMap((each) => paragraph(each, style)),
      style,
    ),
    ...list('Over before anybody acts', report.unactedOn.map(unactedSentence), style),
    ...list('Became true, but never for long enough', onlyPending.map(pendingSentence), style),
    ...list('Longer waits', report.delays.map(delaySentence), style),
    ...list('Other thresholds', report.thresholds.map(thresholdSentence), style),
    ...list('What this rests on', basisSentences(report), style),
  ];
}

export function headline({ rules }: Report): string {
  const sum = (of: (rule: RuleFigures) => number): number => rules.reduce((total, rule) => total + of(rule), 0);
  const fired = rules.filter(({ series }) => series > 0).length;
  return `${firingsText(sum(({ firings }) => firings))} of ${countText(fired)} rules. Flaps: ${countText(sum(({ flaps }) => flaps))}. Still firing: ${countText(sum(({ stillFiring }) => stillFiring))}. Begun before: ${countText(sum(({ carriedOver }) => carriedOver))}.`;
}

export function unactedSentence({ alert, short, resolved, p90Seconds }: RuleFigures): string {
  return `${alert}: ${countText(short)} of ${firingsText(resolved)}; nine of ten end within ${secondsText(p90Seconds)}.`;
}

export function pendingSentence({ alert, pendingOnly }: RuleFigures): string {
  return `${alert}: ${pendingOnly === 1 ? 'once' : `${countText(pendingOnly)} times`}.`;
}

function section(title: string, lines: readonly string[], style: TextStyle): readonly string[] {
  return ['', painted(title, 'bold', style), ...lines];
}

function list(title: string, sentences: readonly string[], style: TextStyle): readonly string[] {
  return sentences.length === 0 ? [] : section(title, bullets(sentences, style), style);
}
