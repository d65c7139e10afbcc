import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HistorySettings, writeHistory } from '../../cli/simulate/billing/history-blocks.ts';
import type { Month, MonthKey } from '../../cli/simulate/billing/month.ts';
import type { Observation } from '../../cli/simulate/billing/observation.ts';
import { simulatedMonth } from '../../cli/simulate/billing/simulated-month.ts';
import { type RunningPrometheus, startPrometheus } from './prometheus.ts';
import { tool } from './tools.ts';

/** A simulated month in the data folder of a real Prometheus. */
export interface BillingHistory {
  readonly month: Month;
  readonly observation: Observation;
  readonly samples: number;
  /** A Prometheus that has what was scraped, without the time in which it was down. */
  readonly start: () => Promise<RunningPrometheus>;
  /** Puts the samples of that time in, as a back-fill does. Only while no Prometheus runs. */
  readonly backFill: () => void;
  readonly remove: () => void;
}

interface Settings {
  readonly key: MonthKey;
  readonly observation: Observation;
  readonly onProgress?: (done: number) => void;
}

export async function writeBillingHistory({ key, observation, onProgress }: Settings): Promise<BillingHistory> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-history-'));
  const settings = {
    promtool: tool('promtool'),
    dataFolder: join(folder, 'data'),
    lateFolder: join(folder, 'late'),
  } satisfies HistorySettings;
  const month = simulatedMonth(key);
  const { samples } = await writeHistory(month, observation, settings, onProgress === undefined ? {} : { onProgress });
  return {
    month,
    observation,
    samples,
    start: () =>
      startPrometheus({
        config: 'scrape_configs: []',
        dataDir: settings.dataFolder,
        args: [
          '--storage.tsdb.retention.time=100y',
          // A file of samples has no markers of the end of a series, so that it would go on for 5 minutes in instant queries.
          `--query.lookback-delta=${observation.scrapeSeconds}s`,
        ],
      }),
    backFill: () => {
      for (const block of readdirSync(settings.lateFolder))
        cpSync(join(settings.lateFolder, block), join(settings.dataFolder, block), { recursive: true });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
