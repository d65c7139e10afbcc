import { readFileSync, statSync } from 'node:fs';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../api-client/fields.ts';
import { textTable } from '../api-client/text-table.ts';
import { whileWaiting } from '../api-client/while-waiting.ts';
import type { TextStyle } from '../training-inspect/text/style.ts';
import { wrapped } from './bill-text.ts';
import { whatIfOptions } from './options.ts';
import { periodOf } from './period-option.ts';
import { runBillingCommand } from './run-billing-command.ts';

const maxBytes = 1024 * 1024;

/** Runs `fleetlens billing what-if`. */
export function whatIf(argv: readonly string[]): Promise<number> {
  return runBillingCommand(
    whatIfOptions,
    argv,
    async ({ options, args, client, style, progress }) => {
      const { file, limit } = options;
      if (file === undefined) throw new ConfigError('--file is missing, such as --file=prices.yaml');
      const period = periodOf(options.period);
      const type = /\.json$/i.test(file) ? 'application/json' : 'application/yaml';
      const query = { period, limit, ...(args.length === 0 ? {} : { tenant: args.join(',') }) };
      const body = { text: read(file), type };
      const ask = () => client.post('/api/v1/what-if', query, body);
      const json = fieldsOf(await whileWaiting(progress, () => `reckoning ${period} twice`, ask));
      return { json, lines: reportText(json, style) };
    },
    (options) => options,
  );
}

function reportText(report: Fields, style: TextStyle): readonly string[] {
  const tenants = listOf(report['tenants']);
  if (tenants.length === 0) return ['there is no tenant'];
  const totals = listOf(report['totals']);
  const [only] = tenants;
  const hidden = totals.reduce((sum, each) => sum + Number(each['tenants']), 0) - tenants.length;
  const lines = tenants.length === 1 && only !== undefined ? listOf(only['lines']) : [];
  return [
    ...changeTable(tenants, ['TENANT', 'tenant'], style),
    ...(hidden > 0 ? [`and ${hidden} more ${hidden === 1 ? 'tenant' : 'tenants'} with smaller differences`] : []),
    '',
    ...totals.flatMap((total) => wrapped(totalText(total), style, '')),
    ...(lines.length === 0 ? [] : ['', ...changeTable(lines, ['LINE', 'description'], style)]),
    ...problemLines(tenants, style),
  ];
}

function changeTable(
  rows: readonly Fields[],
  [title, key]: readonly [string, string],
  style: TextStyle,
): readonly string[] {
  return textTable(
    rows,
    [
      { title, of: (row) => textOf(row[key]) },
      { title: 'NOW', of: ({ before }) => textOf(before), isNumber: true },
      { title: 'THEN', of: ({ after }) => textOf(after), isNumber: true },
      { title: 'DIFFERENCE', of: ({ difference }) => signed(textOf(difference)), isNumber: true },
      { title: 'CHANGE', of: changeOf, isNumber: true },
      { title: 'CURRENCY', of: ({ currency }) => textOf(currency) },
    ],
    style,
  );
}

function totalText(total: Fields): string {
  const { currency, before, after, difference, tenants } = total;
  const change = changeOf(total);
  const of = `${textOf(tenants)} ${tenants === 1 ? 'tenant' : 'tenants'}`;
  return `${of}: ${textOf(before)} now, ${textOf(after)} then, ${signed(textOf(difference))} ${textOf(currency)}${change === '' ? '' : ` (${change})`}`;
}

/** For people alone, so a rounded number does. */
function changeOf({ before, difference }: Fields): string {
  const ratio = Number(textOf(difference)) / Math.abs(Number(textOf(before)));
  if (!Number.isFinite(ratio)) return '';
  return `${ratio > 0 ? '+' : ''}${(ratio * 100).toFixed(1)} %`;
}

function signed(text: string): string {
  return text.startsWith('-') || /^[0.]*$/.test(text) ? text : `+${text}`;
}

function problemLines(tenants: readonly Fields[], style: TextStyle): readonly string[] {
  const problems = tenants.flatMap(({ tenant, problems: own }) =>
    (Array.isArray(own) ? own.map(textOf) : []).map((problem) => `${textOf(tenant)}: ${problem}`),
  );
  return problems.length === 0 ? [] : ['', ...problems.flatMap((each) => wrapped(each, style))];
}

function read(file: string): string {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) throw new ConfigError(`--file: ${file} is no plain file`);
    if (stats.size > maxBytes)
      throw new ConfigError(`--file: ${file} is larger than a price book can be (${maxBytes} bytes)`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (error instanceof TypeError) throw new ConfigError(`--file: ${file} is no UTF-8 text; save it as UTF-8`);
    throw new ConfigError(`--file: ${file} cannot be read: ${reasonOf(error)}`);
  }
}
