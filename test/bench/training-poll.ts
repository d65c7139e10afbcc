import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, type Cost, type Row, row } from './bench.ts';

interface PollCost extends Cost {
  readonly pauseMs: number;
}

type Side = 'poll' | 'whole look' | 'readdir and statSync' | 'callbacks' | 'promises';

const sides: readonly Side[] = ['poll', 'whole look', 'readdir and statSync', 'callbacks', 'promises'];
const rounds = 3;
const runsPerRound = 7;
const runFolders = 500;
const filesPerRun = 4;

export const trainingPoll: Bench = {
  name: 'training-poll',
  about: `one look at ${runFolders * filesPerRun} files that do not grow, against a recursive readdir with statSync of everything`,
  run: async (progress) => {
    const folder = mkdtempSync(join(tmpdir(), 'training-poll-'));
    try {
      progress(`${runFolders} runs of ${filesPerRun} files, ${rounds * runsPerRound} looks each`);
      makeRuns(folder);
      return compare(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** As Lightning and a launcher leave them: event files one folder down, logs beside it. */
function makeRuns(folder: string): void {
  const at = Date.now() / 1000 - 1200;
  for (let run = 0; run < runFolders; run++) {
    const tensorboard = join(folder, `run-${run}`, 'version_0');
    mkdirSync(tensorboard, { recursive: true });
    const names = Array.from({ length: filesPerRun }, (_, index) =>
      index % 2 === 0
        ? join(tensorboard, `events.out.tfevents.17000000${index}.node-${run}.${1000 + index}.0`)
        : join(folder, `run-${run}`, `rank-${index}.log`),
    );
    for (const name of names) {
      writeFileSync(name, '');
      utimesSync(name, at, at);
    }
  }
}

/** Round by round in turn, so that a busy neighbour of this machine meets all. */
function compare(folder: string): readonly Row[] {
  const costs = new Map<Side, PollCost[]>(sides.map((side) => [side, []]));
  for (let round = 0; round < rounds; round++)
    for (const side of sides) costs.get(side)?.push(...measure(side, folder));
  const figures = (name: string, side: Side, baseline: Side, part: keyof PollCost): Row =>
    row({
      bench: 'training-poll',
      name,
      unit: 'ms',
      runs: (costs.get(side) ?? []).map((cost) => cost[part]),
      baselineRuns: (costs.get(baseline) ?? []).map((cost) => cost[part]),
    });
  const all = `${(runFolders * filesPerRun).toLocaleString('en')} idle files`;
  return [
    figures(`${all}, one poll, CPU time`, 'poll', 'readdir and statSync', 'cpuMs'),
    figures(`${all}, one poll, longest pause of the event loop`, 'poll', 'readdir and statSync', 'pauseMs'),
    figures(`${all}, with the look for new ones, CPU time`, 'whole look', 'readdir and statSync', 'cpuMs'),
    figures(`${all}, with the look for new ones, longest pause`, 'whole look', 'readdir and statSync', 'pauseMs'),
    figures(`${all}, stat with callbacks against promises, CPU time`, 'callbacks', 'promises', 'cpuMs'),
  ];
}

function measure(side: Side, folder: string): readonly PollCost[] {
  const file = join(import.meta.dirname, 'training-poll-side.ts');
  const args = [...process.execArgv, file, side, folder, String(runsPerRound)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as readonly PollCost[];
}
