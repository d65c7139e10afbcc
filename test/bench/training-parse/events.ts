import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Row, row } from '../bench.ts';

const rounds = 3;
const runsPerRound = 7;

/** What a file holds, and how its rows are named. */
const files = ['single', 'multi', 'tensors'] as const;
export type FileKind = (typeof files)[number];
const names: Readonly<Record<FileKind, string>> = {
  single: 'event file, one scalar an event',
  multi: 'event file, 20 scalars an event',
  tensors: 'event file, one tensor an event',
};

export interface EventSpeed {
  readonly events: number;
  readonly scalars: number;
  readonly megabytes: number;
  /** CPU time of each run. */
  readonly seconds: readonly number[];
}

/**
 * Event files in pieces of 256 KiB, all checksums checked, by CPU time. TensorBoard itself needs Python, so what it is compared with is
 * what one would write in an afternoon: protobufjs and a checksum byte by byte.
 */
export async function eventRows(progress: (step: string) => void): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const kind of files) {
    progress(`${names[kind]}, ${rounds * runsPerRound} runs each`);
    rows.push(...compare(kind));
  }
  return rows;
}

/** Round by round in turn, so that a busy neighbour of this machine meets both. */
function compare(kind: FileKind): readonly Row[] {
  const ours: EventSpeed[] = [];
  const theirs: EventSpeed[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(measure('ours', kind));
    theirs.push(measure('protobufjs', kind));
  }
  const figures = (unit: string, part: 'events' | 'scalars' | 'megabytes', scale: number): Row =>
    row({
      bench: 'training-parse',
      name: `${names[kind]}, against protobufjs`,
      unit,
      runs: ours.flatMap((speed) => speed.seconds.map((seconds) => speed[part] / scale / seconds)),
      baselineRuns: theirs.flatMap((speed) => speed.seconds.map((seconds) => speed[part] / scale / seconds)),
    });
  const perSecond = kind === 'multi' ? figures('M scalars/s', 'scalars', 1e6) : figures('M events/s', 'events', 1e6);
  return [perSecond, figures('MB/s', 'megabytes', 1)];
}

function measure(side: 'ours' | 'protobufjs', kind: FileKind): EventSpeed {
  const file = join(import.meta.dirname, 'events-side.ts');
  const args = [...process.execArgv, file, side, kind, String(runsPerRound)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as EventSpeed;
}
