import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Bench, type Cost, type Row, row } from './bench.ts';

const rounds = 3;
const runsPerRound = 7;

export const render: Bench = {
  name: 'render',
  about:
    "a whole exposition by our snapshot writer, from readings to text, against prom-client's text of samples that it already holds",
  run: async (progress) => {
    const rows: Row[] = [];
    for (const series of [10_000, 100_000]) {
      progress(`${series} series, ${rounds * runsPerRound} runs each`);
      rows.push(...compare(series));
    }
    return rows;
  },
};

/** Round by round in turn, so that a busy neighbour of this machine meets both. */
function compare(series: number): readonly Row[] {
  const ours: Cost[] = [];
  const theirs: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(...costs('ours', series));
    theirs.push(...costs('prom-client', series));
  }
  const figures = (name: string, part: keyof Cost): Row =>
    row({
      bench: 'render',
      name: `${series / 1000}k series, ${name}`,
      unit: 'ms',
      runs: ours.map((cost) => cost[part]),
      baselineRuns: theirs.map((cost) => cost[part]),
    });
  return [figures('CPU time against prom-client', 'cpuMs'), figures('wall time against prom-client', 'wallMs')];
}

function costs(side: 'ours' | 'prom-client', series: number): readonly Cost[] {
  const file = join(import.meta.dirname, 'render-side.ts');
  const args = [...process.execArgv, file, side, String(series), String(runsPerRound)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as readonly Cost[];
}
