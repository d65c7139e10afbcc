import type { RoutingVerdict } from '../../../alertmanager/routing-tests.ts';
import { type Column, tableWithText } from '../../api-client/text-table.ts';
import { counted } from '../../doctor/counted.ts';
import { bullets } from '../../prediction/text/words.ts';
import { painted, type TextStyle } from '../../training-inspect/text/style.ts';

const columns: readonly Column<RoutingVerdict>[] = [
  { title: 'RESULT', of: ({ isRight }) => (isRight ? 'ok' : 'WRONG') },
  { title: 'TOLD', of: ({ told }) => told.join(' ') },
];

/** The routing tests of a site as a table, and below it why those that are wrong went another way. */
export function verdictLines(verdicts: readonly RoutingVerdict[], style: TextStyle): readonly string[] {
  const wrong = verdicts.filter(({ isRight }) => !isRight);
  const reasons = wrong.map(
    (verdict) =>
      `${alertText(verdict)}: expected ${verdict.test.receivers.join(', ')}, got ${verdict.told.join(', ')}, because ${reasonOf(verdict)}.`,
  );
  return [
    ...tableWithText(verdicts, columns, { title: 'ALERT', of: alertText }, style),
    '',
    ...(wrong.length === 0 ? [] : [painted('Why', 'bold', style), ...bullets(reasons, style), '']),
    `${counted(verdicts.length, 'routing test')}: ${wrong.length} wrong`,
  ];
}

function alertText({ test: { labels, at } }: RoutingVerdict): string {
  const text = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [...text, ...(at === undefined ? [] : [`at ${at}`])].join(' ');
}

function reasonOf({ because }: RoutingVerdict): string {
  return because.length === 0 ? 'no route fits better' : because.join(' and ');
}
