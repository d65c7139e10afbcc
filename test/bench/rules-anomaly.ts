import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingGroups } from '../../rules/recording/index.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { tool } from '../support/tools.ts';
import { type Bench, type Row, row } from './bench.ts';
import { anomalyInputs, writeInputs } from './rules-anomaly/inputs.ts';
import { type RuleCost, ruleCosts } from './rules-anomaly/rule-costs.ts';

const bench = 'rules-anomaly';
const gpus = 10_000;
const groups = recordingGroups.filter(({ group }) =>
  /^(?:prediction-|anomaly-|slo-gpu|billing-slow|billing-score)/.test(group),
);

/** Cost of each recording rule about anomalies and objectives, on 10,000 GPUs, 500 replicas of 50 models, 200 runs and 200 tenants. */
export async function anomalyRuleCosts(progress: (step: string) => void): Promise<readonly RuleCost[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-bench-'));
  const dataDir = join(folder, 'data');
  try {
    const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
    const { recent, past } = anomalyInputs(gpus);
    for (const inputs of [recent, past]) {
      progress(`${await writeInputs(inputs, dataDir, tool('promtool'), nowMs)} samples written`);
    }
    const server = await startPrometheus({
      config: 'global: {scrape_interval: 1h}\n',
      dataDir,
      args: ['--storage.tsdb.retention.time=60d'],
    });
    try {
      return await ruleCosts(server.url, groups, nowMs);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const rulesAnomaly: Bench = {
  name: bench,
  about: `CPU time of a Prometheus for one evaluation of each recording rule about anomalies and objectives, on the series of ${gpus} GPUs`,
  isLong: true,
  run: async (progress) => {
    const costs = await anomalyRuleCosts(progress);
    return [...costs.map(rowOf), total(costs)];
  },
};

function rowOf({ group, rule, cpuSeconds, series }: RuleCost): Row {
  return row({ bench, name: `${group} ${rule} (${series} series)`, unit: 'CPU-s', runs: [cpuSeconds] });
}

function total(costs: readonly RuleCost[]): Row {
  const perMinute = costs.reduce((sum, { cpuSeconds, perMinute: times }) => sum + cpuSeconds * times, 0);
  return row({ bench, name: 'all, at their intervals', unit: 'CPU-s a minute', runs: [perMinute] });
}
