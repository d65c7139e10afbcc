import { ConfigError } from '../../kit/errors.ts';
import { Refused } from '../api-client/api-client.ts';
import { type Fields, fieldsOf, listOf, shortTime, textOf } from '../api-client/fields.ts';
import { textTable } from '../api-client/text-table.ts';
import { painted, safe, type TextStyle } from '../training-inspect/text/style.ts';
import { billText, wrapped } from './bill-text.ts';
import { findBill } from './find-bill.ts';
import { explainOptions } from './options.ts';
import { runBillingCommand } from './run-billing-command.ts';

/** Runs `fleetlens billing explain`. */
export function explain(argv: readonly string[]): Promise<number> {
  return runBillingCommand(
    explainOptions,
    argv,
    async ({ options, args, client, style }) => {
      const { period, limit, cursor } = options;
      const [name, ...words] = args;
      if (name === undefined) throw new ConfigError('NUMBER or TENANT is missing');
      const { path, query } = await findBill(name, { period, draft: false }, client);
      const bill = fieldsOf(await client.get(path, { ...query, format: 'json' }));
      if (words.length === 0) {
        const hint = 'Say which line, by its place or its id.';
        return { json: { lines: bill['lines'] }, lines: [...billText(bill, style), '', hint] };
      }
      const line = lineId(listOf(bill['lines']), words.join(' '));
      const json = fieldsOf(await client.get(`${path}/explain`, { ...query, line, limit, cursor }));
      return { json, lines: explanationText(json, textOf(bill['currency']), style) };
    },
    (options) => options,
  );
}

function lineId(lines: readonly Fields[], wanted: string): string {
  const place = /^\d{1,6}$/.test(wanted) ? Number(wanted) : 0;
  const line = lines[place - 1] ?? lines.find(({ id }) => id === wanted);
  if (line === undefined)
    throw new Refused(
      404,
      `the bill has ${lines.length} lines, and none of them is "${wanted}"; leave LINE out to see them`,
      undefined,
    );
  return textOf(line['id']);
}

function explanationText(answer: Fields, currency: string, style: TextStyle): readonly string[] {
  const line = fieldsOf(answer['line']);
  const steps = Array.isArray(line['steps']) ? line['steps'].map(textOf) : [];
  const rows = listOf(answer['rows']);
  const windows = listOf(answer['windows']);
  const head = `${textOf(line['description'])}: ${textOf(line['amount'])} ${currency}`;
  const next = textOf(answer['next']);
  return [
    painted(safe(head, style), 'bold', style),
    ...wrapped(`Price: ${textOf(line['price_id'])}`, style),
    ...steps.flatMap((step, index) => wrapped(`${index + 1}. ${step}`, style)),
    '',
    ...(rows.length === 0 ? ['No row of the ledger is behind it.'] : rowTable(rows, style)),
    ...(next === '' ? [] : ['', `There are more rows; --cursor=${next} goes on.`]),
    ...windowLines(windows, style),
  ];
}

function rowTable(rows: readonly Fields[], style: TextStyle): readonly string[] {
  return textTable(
    rows,
    [
      { title: 'ROW', of: ({ position }) => textOf(position), isNumber: true },
      { title: 'WINDOW (UTC)', of: ({ window }) => shortTime(fieldsOf(window)['from']) },
      { title: 'RESOURCE', of: ({ resource }) => textOf(resource) },
      { title: 'HOLDER', of: ({ holder }) => Object.values(fieldsOf(holder)).map(textOf).join('/') },
      { title: 'QUANTITY', of: ({ quantity }) => textOf(quantity), isNumber: true },
      { title: 'PART', of: ({ share }) => (share === '1' ? '' : textOf(share)) },
      { title: 'OWNED', of: ({ attribution }) => ownedText(fieldsOf(attribution)) },
      { title: 'COUNTED', of: ({ counted }) => textOf(counted), isNumber: true },
      { title: 'REVISION', of: ({ revision }) => (revision === 0 ? '' : textOf(revision)), isNumber: true },
    ],
    style,
  );
}

function ownedText({ share, by }: Fields): string {
  return share === '1' ? textOf(by) : `${textOf(share)} by ${textOf(by)}`;
}

function windowLines(windows: readonly Fields[], style: TextStyle): readonly string[] {
  if (windows.length === 0) return [];
  const asked = new Map<string, { count: number; samples: number }>();
  for (const { evidence, cluster } of windows) {
    const { source, queries, samples } = fieldsOf(evidence);
    for (const query of Array.isArray(queries) ? queries.map(textOf) : []) {
      const key = `${textOf(cluster)}, ${textOf(source)}: ${query}`;
      const known = asked.get(key) ?? { count: 0, samples: 0 };
      asked.set(key, { count: known.count + 1, samples: known.samples + Number(samples ?? 0) });
    }
  }
  const lines = [...asked].flatMap(([query, { count, samples }]) =>
    wrapped(
      `${query} (${count} ${count === 1 ? 'window' : 'windows'}, ${samples.toLocaleString('en')} samples)`,
      style,
    ),
  );
  return ['', 'Raw samples of:', ...lines];
}
