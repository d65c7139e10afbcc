import { allPages } from '../api-client/all-pages.ts';
import { type Fields, listOf, numberOf, shortTime, textOf } from '../api-client/fields.ts';
import { textTable } from '../api-client/text-table.ts';
import { painted, type TextStyle } from '../training-inspect/text/style.ts';
import { formatSeconds } from '../training-inspect/text/units.ts';
import { percentText, wrapped } from './bill-text.ts';
import { statusOptions } from './options.ts';
import { runBillingCommand } from './run-billing-command.ts';

const most = 10_000;

/** Runs `fleetlens billing status`. */
export function status(argv: readonly string[]): Promise<number> {
  return runBillingCommand(
    statusOptions,
    argv,
    async ({ client, style }) => {
      const { first, list } = await allPages(client, '/api/v1/status', { key: 'meters', most });
      return { json: { ...first, meters: list, next: undefined }, lines: statusText(first, list, style) };
    },
    (options) => options,
  );
}

function statusText(first: Fields, meters: readonly Fields[], style: TextStyle): readonly string[] {
  const sources = listOf(first['sources']);
  const who = first['leader'] === true ? 'This process meters' : 'Another process meters';
  const troubles = [
    ...meters.flatMap(({ cluster, meter, trouble }) =>
      trouble === undefined ? [] : [`${textOf(meter)} of ${textOf(cluster)}: ${textOf(trouble)}`],
    ),
    ...sources.flatMap(({ name, error }) => (error === undefined ? [] : [`source ${textOf(name)}: ${textOf(error)}`])),
  ];
  return [
    `${who}; the ledger is ${positionText(first['position'])}.`,
    ...(meters.length === 0 ? ['', 'Nothing was metered so far.'] : ['', ...meterTable(meters, style)]),
    ...(sources.length === 0 ? [] : ['', ...sourceTable(sources, style)]),
    ...(troubles.length === 0 ? [] : ['']),
    ...troubles.flatMap((each) => wrapped(each, style)).map((line) => painted(line, 'yellow', style)),
  ];
}

function meterTable(meters: readonly Fields[], style: TextStyle): readonly string[] {
  return textTable(
    meters,
    [
      { title: 'CLUSTER', of: ({ cluster }) => textOf(cluster) },
      { title: 'METER', of: ({ meter }) => textOf(meter) },
      { title: 'SOURCE', of: ({ source }) => textOf(source) },
      { title: 'METERED UNTIL (UTC)', of: (each) => shortTime(each['metered_until']) || 'never' },
      { title: 'AGE', of: (each) => ageText(each['age_seconds']), isNumber: true },
      { title: 'COVERAGE', of: ({ coverage }) => ratioText(coverage), isNumber: true },
      { title: 'HELD', of: (each) => textOf(numberOf(each['held_windows']) || ''), isNumber: true },
      { title: 'OFF BY', of: (each) => errorText(each['conservation_error']), isNumber: true },
    ],
    style,
  );
}

function sourceTable(sources: readonly Fields[], style: TextStyle): readonly string[] {
  return textTable(
    sources,
    [
      { title: 'SOURCE', of: ({ name }) => textOf(name) },
      { title: 'TYPE', of: ({ type }) => textOf(type) },
      { title: 'UP', of: ({ up }) => (up === undefined ? 'not asked' : up === true ? 'yes' : 'no') },
      { title: 'LAST ANSWER (UTC)', of: (each) => shortTime(each['last_success']) || 'never' },
    ],
    style,
  );
}

function ageText(age: unknown): string {
  return typeof age === 'number' ? formatSeconds(age) : '';
}

function ratioText(ratio: unknown): string {
  return typeof ratio === 'number' ? percentText(ratio) : '';
}

/** Of GPU milliseconds, as a fraction. */
function errorText(error: unknown): string {
  const [num = '0', den = '1'] = textOf(error).split('/');
  if (error === undefined) return '';
  return num === '0' ? '0' : formatSeconds(Number(num) / Number(den) / 1000);
}

function positionText(position: unknown): string {
  const last = Number(textOf(position) || '0');
  return last === 0 ? 'empty' : `at row ${last.toLocaleString('en')}`;
}
