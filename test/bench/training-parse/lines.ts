import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Row, row } from '../bench.ts';
import { type LogKind, logKinds, logNames } from './line-logs.ts';

const rounds = 3;
const runsPerRound = 7;

interface LineSpeed {
  readonly lines: number;
  /** CPU time of each run. */
  readonly seconds: readonly number[];
}

/**
 * Logs in pieces of 64 KiB by CPU time, against lines that are split and met by one regular expression for all frameworks, which gives
 * two values of each.
 */
export async function lineRows(progress: (step: string) => void): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const kind of logKinds) {
    progress(`${logNames[kind]}, ${rounds * runsPerRound} runs each`);
    rows.push(compare(kind));
  }
  return rows;
}

/** Round by round in turn, so that a busy neighbour of this machine meets both. */
function compare(kind: LogKind): Row {
  const ours: LineSpeed[] = [];
  const theirs: LineSpeed[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(measure('ours', kind));
    theirs.push(measure('regular-expression', kind));
  }
  return row({
    bench: 'training-parse',
    name: `${logNames[kind]}, against one regular expression`,
    unit: 'M lines/s',
    runs: ours.flatMap(millionsPerSecond),
    baselineRuns: theirs.flatMap(millionsPerSecond),
  });
}

function millionsPerSecond({ lines, seconds }: LineSpeed): readonly number[] {
  return seconds.map((each) => lines / 1e6 / each);
}

function measure(side: 'ours' | 'regular-expression', kind: LogKind): LineSpeed {
  const file = join(import.meta.dirname, 'lines-side.ts');
  const args = [...process.execArgv, file, side, kind, String(runsPerRound)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as LineSpeed;
}
