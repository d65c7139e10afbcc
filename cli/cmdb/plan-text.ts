import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../api-client/fields.ts';
import { counted } from '../doctor/counted.ts';
import { painted, safe, type TextStyle } from '../training-inspect/text/style.ts';

/** What a look or an import changes, in lines; `most` of each kind. */
export function planText(plan: Fields, most: number, style: TextStyle): readonly string[] {
  const counts = fieldsOf(plan['counts']);
  const isDryRun = plan['dry_run'] === true;
  const line = (sign: string, text: string): string => `${sign} ${safe(text, style)}`.slice(0, style.width);
  const named = (item: Fields): string => `${textOf(item['class'])} ${textOf(item['name'])}`;
  const created = listOf(plan['created']).map((item) => line('+', named(item)));
  const updated = listOf(plan['updated']).map((item) => {
    const changes = listOf(item['changes']).map(
      ({ about, before, says }) => `${textOf(about)} ${before === null ? '' : `${textOf(before)} -> `}${textOf(says)}`,
    );
    return line('~', [named(item), ...(changes.length === 0 ? [] : [changes.join('; ')])].join(': '));
  });
  const missing = listOf(plan['missing']).map((item) => line('-', `${named(item)} is missing`));
  const returned = listOf(plan['returned']).map((item) => line('=', `${named(item)} is back`));
  const findings = listOf(plan['findings']).map(({ kind, subject, reason }) =>
    line('!', `${textOf(kind)}: ${textOf(subject)}: ${textOf(reason)}`),
  );
  const problems = listOf(plan['problems']).map((problem) => line('!', problemText(problem)));
  const refusal = textOf(plan['refusal']);
  const numbers = [
    `${numberOf(counts['created'])} added`,
    `${numberOf(counts['updated'])} changed`,
    `${numberOf(counts['unchanged'])} as before`,
    `${numberOf(counts['missing'])} missing`,
    counted(numberOf(counts['findings']), 'finding'),
    ...(problems.length === 0 ? [] : [counted(problems.length, 'problem')]),
  ].join(', ');
  return [
    painted(isDryRun ? `Dry run, nothing was changed: ${numbers}.` : `${numbers}.`, 'bold', style),
    ...(refusal === '' ? [] : [painted(safe(`It is refused: ${refusal}`, style), 'yellow', style)]),
    ...some(created, numberOf(counts['created']), most),
    ...some(updated, numberOf(counts['updated']), most),
    ...some(returned, numberOf(counts['returned']), most),
    ...some(missing, numberOf(counts['missing']), most),
    ...some(findings, numberOf(counts['findings']), most),
    ...some(problems, problems.length, most),
  ];
}

/** Of an import the line alone tells where it is. */
function problemText({ subject, reason }: Fields): string {
  const text = textOf(reason).replace(/^import:(\d+): /, 'line $1: ');
  return subject === 'import' ? text : `${textOf(subject)}: ${text}`.replace(/^import:(\d+): /, 'line $1: ');
}

function some(lines: readonly string[], total: number, most: number): readonly string[] {
  const shown = lines.slice(0, most);
  return total > shown.length && shown.length > 0 ? [...shown, `  and ${total - shown.length} more`] : shown;
}
