import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seeded } from '../../exporters/prediction/fleet.ts';

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 0, 1);

export interface MadeFiles {
  readonly folder: string;
  readonly csv: string;
  readonly tickets: string;
  /** Options of a command that reads them. */
  readonly options: readonly string[];
}

export interface FilesPlan {
  readonly gpus?: number;
  readonly days?: number;
  readonly rate?: number;
}

/** A history of GPUs as CSV, whose corrected errors rise in the five days before each failure, and the tickets of these. */
export function madeFiles({ gpus = 20, days = 90, rate = 0.015 }: FilesPlan = {}): MadeFiles {
  const random = seeded(5);
  const folder = mkdtempSync(join(tmpdir(), 'prediction-'));
  const failures = Array.from({ length: gpus }, () =>
    Array.from({ length: days }, (_, day) => day).filter(() => random() < rate),
  );
  const rows = Array.from({ length: days * gpus }, (_, at) => {
    const [day, gpu] = [Math.floor(at / gpus), at % gpus];
    const isNear = (failures[gpu] ?? []).some((each) => each >= day && each - day < 5);
    const errors = (isNear ? 0.9 : 0) + random();
    return `${nameOf(gpu)},gpu-${gpu >> 3},${isoOf(day)},${(60 + 9 * random()).toFixed(1)},${errors.toFixed(3)},ok`;
  });
  const tickets = failures.flatMap((own, gpu) => own.map((day) => `${nameOf(gpu)},${isoOf(day + 0.3)},,memory`));
  const csv = join(folder, 'history.csv');
  const ticketFile = join(folder, 'failures.csv');
  writeFileSync(csv, `gpu,host,at,temperature,ecc,note\n${rows.join('\n')}\n`);
  writeFileSync(ticketFile, `entity,start,end,kind\n${tickets.join('\n')}\n`);
  const options = [
    `--csv=${csv}`,
    `--tickets=${ticketFile}`,
    '--csv.entity=gpu',
    '--csv.time=at',
    '--csv.node=host',
    '--csv.ignore=note',
    `--data=${join(folder, 'data')}`,
  ];
  return { folder, csv, tickets: ticketFile, options };
}

export function nameOf(gpu: number): string {
  return `GPU-${String(gpu).padStart(2, '0')}`;
}

function isoOf(day: number): string {
  return new Date(startMs + day * dayMs).toISOString();
}
