import { type EntityKind, entityKinds, keyOfEntity } from '../../exporters/prediction/entity.ts';
import { failureHistoryOf } from '../../exporters/prediction/pipeline/failure-history.ts';
import { backfill as backfillFeatures } from '../../exporters/prediction/sources/prometheus/backfill.ts';
import {
  type BackfillSettings,
  defaultBackfillSettings,
} from '../../exporters/prediction/sources/prometheus/backfill-settings.ts';
import { createFleetBook } from '../../exporters/prediction/sources/prometheus/fleet-book.ts';
import { createHistoryApi, type HistoryApi } from '../../exporters/prediction/sources/prometheus/history-api.ts';
import { readFleet } from '../../exporters/prediction/sources/prometheus/read-fleet.ts';
import { readLabelSigns } from '../../exporters/prediction/sources/prometheus/read-label-signs.ts';
import { loadSigns, type StoredSigns, saveSigns } from '../../exporters/prediction/store/signs/sign-file.ts';
import { parseTime } from '../../kit/api/read-parameters.ts';
import { ConfigError } from '../../kit/errors.ts';
import { cut } from '../../kit/options/preview.ts';
import { parseAddress } from '../../kit/prometheus-api/credentials.ts';
import type { ProgressBar } from '../api-client/progress-bar.ts';
import { openStores, signFile, specs } from './history/data-folder.ts';
import { backfillOptions } from './options.ts';
import { type Answer, runPredictionCommand } from './run-prediction-command.ts';
import { bullets, count, moment } from './text/words.ts';
import { noWords } from './words-option.ts';

interface Reading {
  readonly api: HistoryApi;
  readonly settings: BackfillSettings;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly progress: ProgressBar;
  readonly signal: AbortSignal;
}

/** Faults of so long before the first row are read too: features count them. */
const signsBeforeMs = 90 * 86_400_000;

/** Runs `fleetlens prediction backfill`. */
export function backfill(argv: readonly string[]): Promise<number> {
  return runPredictionCommand(
    backfillOptions,
    argv,
    async ({ options, words, style, progress, signal }): Promise<Answer> => {
      noWords(words);
      const url = options['prometheus.url'];
      const token = options['prometheus.token-file'];
      const { cluster, node, rack } = {
        cluster: options['label.cluster'],
        node: options['label.node'],
        rack: options['label.rack'],
      };
      const reading: Reading = {
        api: createHistoryApi({ url, ...(token === undefined ? {} : { bearerTokenFile: token }) }),
        settings: { ...defaultBackfillSettings, labels: { cluster, node, rack }, matchers: options.match },
        ...stretchOf(options),
        progress,
        signal,
      };
      const stores = await openStores(options.data);
      const before = await loadSigns(signFile(options.data));
      const stored = await readSigns(reading, before, parseAddress(url).shown);
      const failures = failureHistoryOf(stored.signs, stored.untilMs);
      const rows: Partial<Record<EntityKind, number>> = {};
      for (const kind of entityKinds) {
        const done = await backfillFeatures(
          {
            spec: specs[kind],
            settings: reading.settings,
            fromMs: reading.fromMs,
            untilMs: reading.untilMs,
            events: failures.events,
            eventsFromMs: stored.fromMs,
            signal,
            onProgress: ({ chunksDone, chunksTotal }) => progress.show(chunksDone, chunksTotal, `days of ${kind}s`),
          },
          { api: reading.api, sink: stores[kind] },
        );
        rows[kind] = done.rows;
      }
      await saveSigns(signFile(options.data), stored);
      const { queries, bytes } = reading.api.usage();
      const incidents = failures.incidents.length;
      const lines = [
        `${count(rows.gpu ?? 0, 'row')} of GPUs and ${count(rows.node ?? 0, 'row')} of nodes, ${moment(reading.fromMs)} to ${moment(reading.untilMs)}, are in ${options.data}.`,
        `${count(incidents, 'incident')} in that time; ${count(queries, 'request')}, ${Math.round(bytes / 1e6).toLocaleString('en')} MB read.`,
        ...bullets(failures.problems.slice(0, 10), style),
        'Go on with fleetlens prediction train.',
      ];
      return { json: { folder: options.data, rows, incidents, queries, bytes, problems: failures.problems }, lines };
    },
  );
}

/** Of the stretch and of all that was read before: rows without their failures would be taken for quiet ones. */
async function readSigns(reading: Reading, before: StoredSigns | undefined, source: string): Promise<StoredSigns> {
  const { api, settings, progress, signal } = reading;
  const { labels, matchers, stepMs } = settings;
  const fromMs = Math.min(reading.fromMs - signsBeforeMs, before?.fromMs ?? Number.POSITIVE_INFINITY);
  const untilMs = Math.max(reading.untilMs, before?.untilMs ?? 0);
  progress.wait('looking for failures');
  const signs = await readLabelSigns(api, { labels, matchers, stepMs, startMs: fromMs, endMs: untilMs, signal });
  const products = { ...before?.products, ...(await readProducts(reading)) };
  return { fromMs, untilMs, signs, products, source };
}

/** Models of GPUs, as they were seen in the last day. */
async function readProducts({ api, settings, untilMs, signal }: Reading): Promise<Readonly<Record<string, string>>> {
  const { labels, matchers, stepMs } = settings;
  const endMs = Math.floor(untilMs / stepMs) * stepMs;
  const book = createFleetBook();
  await readFleet(api, book, { kind: 'gpu', labels, matchers, stepMs, startMs: endMs - 24 * stepMs, endMs }, signal);
  return Object.fromEntries(
    book.entities().flatMap((entity, index) => {
      const product = book
        .factsOf(index, () => Number.POSITIVE_INFINITY)
        .get('model')
        ?.values.at(-1);
      return product === undefined ? [] : [[keyOfEntity(entity), product] as const];
    }),
  );
}

function stretchOf({ from, to }: { readonly from: string | undefined; readonly to: string | undefined }) {
  if (from === undefined)
    throw new ConfigError('--from is missing: from when on is history to be read, such as --from=2026-01-01');
  const fromMs = timeOf('from', from);
  const untilMs = to === undefined ? Date.now() : Math.min(Date.now(), timeOf('to', to));
  if (fromMs >= untilMs) throw new ConfigError('--from must be before --to');
  return { fromMs, untilMs };
}

function timeOf(option: string, text: string): number {
  const seconds = parseTime(text);
  if (seconds !== undefined) return seconds * 1000;
  throw new ConfigError(
    `--${option} must be a time such as 2026-03-01, 2026-03-01T08:00:00Z or Unix seconds, got ${cut(text)}`,
  );
}
