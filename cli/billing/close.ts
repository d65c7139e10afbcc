import { ConfigError } from '../../kit/errors.ts';
import { allPages } from '../api-client/all-pages.ts';
import { type ApiClient, Refused } from '../api-client/api-client.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../api-client/fields.ts';
import { onInterrupt } from '../api-client/on-interrupt.ts';
import type { ProgressBar } from '../api-client/progress-bar.ts';
import { textTable } from '../api-client/text-table.ts';
import type { TextStyle } from '../training-inspect/text/style.ts';
import { wrapped } from './bill-text.ts';
import { closeOptions } from './options.ts';
import { periodOf } from './period-option.ts';
import { runBillingCommand } from './run-billing-command.ts';

/** Tenants of one request: many enough that the period is looked at a few times only, few enough that one sees it go on. */
const batch = 200;
const mostTenants = 10_000;
const outcomeWords: Readonly<Record<string, string>> = {
  closed: 'closed',
  was_closed: 'closed before',
  empty: 'nothing to bill',
  refused: 'refused',
  aborted: 'not reached',
};

/** Runs `fleetlens billing close`. */
export function close(argv: readonly string[]): Promise<number> {
  return runBillingCommand(
    closeOptions,
    argv,
    async ({ options, args, client, style, progress }) => {
      const { all } = options;
      const period = periodOf(options.period);
      if (all === args.length > 0) throw new ConfigError('either tenants or --all must be given');
      const tenants = all ? await allTenants(client) : [...new Set(args)];
      const accept = acceptance(options);
      const outcomes = await closeAll({ period, tenants, accept }, client, progress);
      const isDone = outcomes.every(({ outcome }) => outcome !== 'refused' && outcome !== 'aborted');
      return { json: { period, outcomes }, lines: outcomeText(outcomes, period, style), isNothing: !isDone };
    },
    (options) => options,
  );
}

async function allTenants(client: ApiClient): Promise<readonly string[]> {
  const { list } = await allPages(client, '/api/v1/tenants', { key: 'tenants', most: mostTenants });
  // Usage of nobody is not billed, which is no failure where everybody is.
  return list.map(({ name }) => textOf(name)).filter((name) => name !== 'unattributed');
}

function acceptance(options: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const given = Object.entries(options).flatMap(([name, reason]) => {
    const kind = /^accept\.(\w+)$/.exec(name)?.[1];
    return kind === undefined || typeof reason !== 'string' ? [] : [[kind, reason] as const];
  });
  return Object.fromEntries(given);
}

interface Closing {
  readonly period: string;
  readonly tenants: readonly string[];
  readonly accept: Readonly<Record<string, string>>;
}

async function closeAll(
  { period, tenants, accept }: Closing,
  client: ApiClient,
  bar: ProgressBar,
): Promise<readonly Fields[]> {
  const outcomes: Fields[] = [];
  const through = (): string => `${outcomes.length} of ${tenants.length} tenants are through, run it again to go on`;
  const done = onInterrupt(() => {
    bar.end();
    return `interrupted; ${through()}`;
  });
  try {
    for (let from = 0; from < tenants.length; from += batch) {
      bar.show(from, tenants.length, 'bills');
      const part = tenants.slice(from, from + batch);
      const body = { period, tenants: part, ...(Object.keys(accept).length === 0 ? {} : { accept }) };
      outcomes.push(...(await closePart(JSON.stringify(body), client)));
    }
  } catch (error) {
    if (outcomes.length === 0 || !(error instanceof Error)) throw error;
    throw new ConfigError(`${error.message}; ${through()}`);
  } finally {
    done();
    bar.end();
  }
  return outcomes;
}

/** If all are refused, the answer is an error with the same outcomes. */
async function closePart(text: string, client: ApiClient): Promise<readonly Fields[]> {
  try {
    const answer = await client.post('/api/v1/bills/close', {}, { text, type: 'application/json' });
    return listOf(fieldsOf(answer)['outcomes']);
  } catch (error) {
    const outcomes = error instanceof Refused ? listOf(fieldsOf(error.answer)['outcomes']) : [];
    if (outcomes.length === 0) throw error;
    return outcomes;
  }
}

function outcomeText(outcomes: readonly Fields[], period: string, style: TextStyle): readonly string[] {
  const counts = Object.entries(outcomeWords).flatMap(([outcome, words]) => {
    const count = outcomes.filter((each) => each['outcome'] === outcome).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const table = textTable(
    outcomes,
    [
      { title: 'TENANT', of: ({ tenant }) => textOf(tenant) },
      { title: 'OUTCOME', of: ({ outcome }) => outcomeWords[textOf(outcome)] ?? textOf(outcome) },
      { title: 'NUMBER', of: ({ number }) => textOf(number) },
      { title: 'TOTAL', of: ({ total }) => textOf(total), isNumber: true },
      { title: 'CURRENCY', of: ({ currency }) => textOf(currency) },
    ],
    style,
  );
  return [`${period}: ${counts.join(', ')}.`, '', ...table, ...reasonLines(outcomes, style)];
}

/** What stands in the way of several is told once. */
function reasonLines(outcomes: readonly Fields[], style: TextStyle): readonly string[] {
  const tenantsOf = new Map<string, string[]>();
  for (const { tenant, obstacles, message } of outcomes) {
    const reasons = listOf(obstacles).map(({ kind, message: why }) => `${textOf(kind)}: ${textOf(why)}`);
    for (const reason of reasons.length > 0 || message === undefined ? reasons : [textOf(message)]) {
      const tenants = tenantsOf.get(reason) ?? [];
      tenantsOf.set(reason, tenants);
      tenants.push(textOf(tenant));
    }
  }
  if (tenantsOf.size === 0) return [];
  const lines = [...tenantsOf].flatMap(([reason, tenants]) => {
    const shown = tenants.length > 5 ? `${tenants.length} tenants` : tenants.join(', ');
    return wrapped(`${reason} (${shown})`, style);
  });
  return ['', 'In the way:', ...lines];
}
