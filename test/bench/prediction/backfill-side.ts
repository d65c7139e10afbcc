import { gpuSpec } from '../../../exporters/prediction/features/gpu-spec.ts';
import { schemaOf } from '../../../exporters/prediction/features/schema.ts';
import { backfill } from '../../../exporters/prediction/sources/prometheus/backfill.ts';
import { defaultBackfillSettings } from '../../../exporters/prediction/sources/prometheus/backfill-settings.ts';
import { createHistoryApi } from '../../../exporters/prediction/sources/prometheus/history-api.ts';
import { openFeatureStore } from '../../../exporters/prediction/store/features/feature-store.ts';
import { costOf } from '../bench.ts';

/** `backfill-side.ts URL FOLDER FROM_MS UNTIL_MS`: fills the store in the folder, and prints what it cost as JSON; progress goes to standard error. */
const [url = '', folder = '', fromMs = '', untilMs = ''] = process.argv.slice(2);
const api = createHistoryApi({ url });
const sink = await openFeatureStore({ folder, kind: 'gpu', schema: schemaOf(gpuSpec) });
let rows = 0;
const cost = await costOf(async () => {
  const done = await backfill(
    {
      spec: gpuSpec,
      settings: defaultBackfillSettings,
      fromMs: Number(fromMs),
      untilMs: Number(untilMs),
      events: [],
      signal: new AbortController().signal,
      onProgress: ({ chunksDone, chunksTotal, queries, bytes }) =>
        process.stderr.write(
          `    ${chunksDone} of ${chunksTotal} days, ${queries} queries, ${Math.round(bytes / 1e6)} MB\n`,
        ),
    },
    { api, sink },
  );
  rows = done.rows;
});
console.log(JSON.stringify({ ...cost, ...api.usage(), rows, peakBytes: process.resourceUsage().maxRSS * 1024 }));
