import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../../kit/errors.ts';
import { allPages } from '../api-client/all-pages.ts';
import type { ApiClient } from '../api-client/api-client.ts';
import { type Fields, fieldsOf, numberOf, shortTime, textOf } from '../api-client/fields.ts';
import type { ProgressBar } from '../api-client/progress-bar.ts';
import type { Outcome } from '../api-client/run-api-command.ts';
import { textTable } from '../api-client/text-table.ts';
import type { TextStyle } from '../training-inspect/text/style.ts';
import { wrapped } from './bill-text.ts';
import { backfillOptions } from './options.ts';
import { runBillingCommand } from './run-billing-command.ts';

const pollMs = 500;
const shownJobs = 20;

/** Runs `fleetlens billing backfill`. */
export function backfill(argv: readonly string[]): Promise<number> {
  return runBillingCommand(
    backfillOptions,
    argv,
    async ({ options, args, client, style, progress }) => {
      const { from, wait, follow, cancel } = options;
      checkUsage(args, [from, follow, cancel]);
      if (cancel !== undefined) return outcomeOf(fieldsOf(await client.post(`${jobPath(cancel)}/cancel`)), style);
      const id = follow ?? (from === undefined ? undefined : await begin({ ...options, from }, client));
      if (id === undefined) return listed(client, style);
      if (!wait) return outcomeOf(fieldsOf(await client.get(jobPath(id))), style);
      return outcomeOfWaiting(await waitFor(id, client, progress), style);
    },
    (options) => options,
  );
}

function checkUsage(args: readonly string[], ways: readonly (string | undefined)[]): void {
  if (args.length > 0)
    throw new ConfigError(`"${args.join(' ')}" is no option; the time is given with --from and --to`);
  if (ways.filter((each) => each !== undefined).length > 1)
    throw new ConfigError('only one of --from, --follow and --cancel can be given');
}

interface Stretch {
  readonly from: string;
  readonly to: string | undefined;
  readonly cluster: readonly string[];
  readonly meter: readonly string[];
}

async function begin({ from, to, cluster, meter }: Stretch, client: ApiClient): Promise<string> {
  const body = {
    from,
    ...(to === undefined ? {} : { to }),
    ...(cluster.length === 0 ? {} : { clusters: cluster }),
    ...(meter.length === 0 ? {} : { meters: meter }),
  };
  const request = { text: JSON.stringify(body), type: 'application/json' };
  return textOf(fieldsOf(await client.post('/api/v1/backfills', {}, request))['id']);
}

function jobPath(id: string): string {
  return `/api/v1/backfills/${encodeURIComponent(id)}`;
}

/** How it is once it has ended, or when somebody interrupts the waiting. */
async function waitFor(id: string, client: ApiClient, bar: ProgressBar): Promise<Fields> {
  const interrupted = new AbortController();
  const stop = (): void => interrupted.abort();
  process.once('SIGINT', stop);
  try {
    for (;;) {
      const job = fieldsOf(await client.get(jobPath(id)));
      if (job['state'] !== 'running' || interrupted.signal.aborted) return job;
      bar.show(numberOf(job['windows_done']), numberOf(job['windows_total']), 'windows');
      await sleep(pollMs, undefined, { signal: interrupted.signal }).catch(() => undefined);
    }
  } finally {
    process.off('SIGINT', stop);
    bar.end();
  }
}

/** A script that waits goes on only after what it waited for is done. */
function outcomeOfWaiting(job: Fields, style: TextStyle): Outcome {
  const { state } = job;
  return { ...outcomeOf(job, style), isNothing: state !== 'done', isInterrupted: state === 'running' };
}

function outcomeOf(job: Fields, style: TextStyle): Outcome {
  const { state } = job;
  return { json: job, lines: jobText(job, style), isNothing: state === 'failed' };
}

function jobText(job: Fields, style: TextStyle): readonly string[] {
  const { id, state, reason } = job;
  const windows = `${count(job['windows_done'])} of ${count(job['windows_total'])} windows`;
  const span = `${shortTime(job['from'])} to ${shortTime(job['to'])} UTC`;
  const words = `Back-fill ${textOf(id)}, ${span}: ${textOf(state)}, ${windows}, ${count(job['rows_added'])} rows added.`;
  const why = reason === undefined ? [] : wrapped(textOf(reason), style);
  const hint =
    state === 'running'
      ? [
          'It goes on in the daemon.',
          `fleetlens billing backfill --follow=${textOf(id)} waits for it, --cancel=${textOf(id)} ends it.`,
        ]
      : [];
  return [...wrapped(words, style, ''), ...why, ...hint.flatMap((line) => wrapped(line, style, ''))];
}

async function listed(client: ApiClient, style: TextStyle): Promise<Outcome> {
  const { list } = await allPages(client, '/api/v1/backfills', { key: 'backfills', most: shownJobs });
  const json = { backfills: list };
  if (list.length === 0) return { json, lines: ['there was no back-fill; --from and --to begin one'], isNothing: true };
  const table = textTable(
    list,
    [
      { title: 'ID', of: ({ id }) => textOf(id) },
      { title: 'STATE', of: ({ state }) => textOf(state) },
      { title: 'FROM (UTC)', of: ({ from }) => minuteOf(from) },
      { title: 'TO (UTC)', of: ({ to }) => minuteOf(to) },
      { title: 'WINDOWS', of: (job) => `${count(job['windows_done'])}/${count(job['windows_total'])}`, isNumber: true },
      { title: 'ROWS', of: (job) => count(job['rows_added']), isNumber: true },
      { title: 'BY', of: ({ by }) => textOf(by) },
    ],
    style,
  );
  const reasons = list.flatMap(({ id, reason }) =>
    reason === undefined ? [] : wrapped(`${textOf(id)}: ${textOf(reason)}`, style),
  );
  return { json, lines: reasons.length === 0 ? table : [...table, '', ...reasons] };
}

/** Windows begin and end with minutes. */
function minuteOf(value: unknown): string {
  return shortTime(value).slice(0, 16);
}

function count(value: unknown): string {
  return numberOf(value).toLocaleString('en');
}
