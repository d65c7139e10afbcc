import { parseArgs } from 'node:util';
import { anomaly } from './anomaly.ts';
import { billing } from './billing.ts';
import { billingMetering } from './billing-metering.ts';
import { bridgeStorm } from './bridge-storm.ts';
import { cmdb } from './cmdb.ts';
import { gpuAttribution } from './gpu-attribution.ts';
import { gpuScrape } from './gpu-scrape.ts';
import { gpuSoak } from './gpu-soak.ts';
import { grafanaApp } from './grafana-app.ts';
import { inferenceProxy } from './inference-proxy.ts';
import { prediction } from './prediction.ts';
import { render } from './render.ts';
import { rulesAnomaly } from './rules-anomaly.ts';
import { rulesFleet } from './rules-fleet.ts';
import { store } from './store.ts';
import { storeCrash } from './store-crash.ts';
import { table } from './table.ts';
import { trainingFleet } from './training-fleet.ts';
import { trainingParse } from './training-parse.ts';
import { trainingPoll } from './training-poll.ts';

/** `npm run bench -- [NAME…] [--json] [--minutes=N] [--data DIR]`: runs the named benchmarks, or all short ones, and prints a table or JSON. */
const benches = [
  render,
  gpuScrape,
  gpuAttribution,
  trainingParse,
  trainingPoll,
  trainingFleet,
  inferenceProxy,
  store,
  storeCrash,
  cmdb,
  billing,
  billingMetering,
  prediction,
  anomaly,
  rulesAnomaly,
  rulesFleet,
  bridgeStorm,
  gpuSoak,
  grafanaApp,
];

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals: names } = parseArgs({
    options: { json: { type: 'boolean', default: false }, minutes: { type: 'string' }, data: { type: 'string' } },
    allowPositionals: true,
  });
  const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
  if (unknown.length > 0)
    return refuse(`no benchmark ${unknown.join(', ')}; there are: ${benches.map(({ name }) => name).join(', ')}`);
  if (minutes !== undefined && !(minutes > 0))
    return refuse(`--minutes must be a number above 0, got ${values.minutes}`);
  const rows = [];
  for (const bench of benches.filter(({ name, isLong }) =>
    names.length === 0 ? isLong !== true : names.includes(name),
  )) {
    process.stderr.write(`${bench.name}: ${bench.about}\n`);
    rows.push(...(await bench.run((step) => process.stderr.write(`  ${step}\n`), { minutes, data: values.data })));
  }
  console.log(values.json ? JSON.stringify(rows, null, 2) : `\n${table(rows)}`);
  return 0;
}

function refuse(reason: string): number {
  process.stderr.write(`${reason}\n`);
  return 2;
}
