import { readdirSync, stat, statSync } from 'node:fs';
import { stat as statAsync } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogDecoder } from '../../exporters/training/decoders/log/log-decoder.ts';
import { createEventFileDecoder } from '../../exporters/training/decoders/tfevents/event-file-decoder.ts';
import { createSourceLedger } from '../../exporters/training/source-ledger.ts';
import { type FileSources, startFileSources } from '../../exporters/training/sources/files/file-sources.ts';
import { parseRunPattern } from '../../exporters/training/sources/files/run-pattern.ts';
import { systemClock } from '../../kit/clock.ts';
import { createLog } from '../../kit/log.ts';
import { createFakeJournal } from '../support/fake-journal.ts';
import { costOf } from './bench.ts';

/** `training-poll-side.ts SIDE FOLDER RUNS`: prints what each run cost, as JSON; `pauseMs` is the longest time that nothing else came to its turn. */
/** Questions at once, as many as the exporter asks. */
const width = 32;
const [side = '', folder = '', runs = ''] = process.argv.slice(2);
const work = await workOf(side);
// Compiled and warm, as it is in a process that does it every few seconds.
for (let turn = 0; turn < 5; turn++) await work();
const costs = [];
for (let turn = 0; turn < Number(runs); turn++) costs.push({ ...(await costOf(work)), pauseMs: await pauseOf(work) });
console.log(JSON.stringify(costs));

async function workOf(name: string): Promise<() => unknown> {
  if (name === 'readdir and statSync') return lookAtAll;
  if (name === 'poll' || name === 'whole look') {
    const sources = follow();
    await sources.poll();
    const expected = filesBelow(folder).length;
    if (sources.files().length !== expected)
      throw new Error(`${sources.files().length} of ${expected} files are followed`);
    return name === 'poll' ? sources.pollFiles : sources.poll;
  }
  const paths = filesBelow(folder);
  return name === 'promises' ? () => statWithPromises(paths) : () => statWithCallbacks(paths);
}

/** What somebody would write who does it without us. */
function lookAtAll(): number {
  let bytes = 0;
  for (const path of filesBelow(folder)) bytes += statSync(path).size;
  return bytes;
}

function filesBelow(top: string): readonly string[] {
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function statWithPromises(paths: readonly string[]): Promise<void> {
  const rest = paths.values();
  const lane = async (): Promise<void> => {
    for (const path of rest) await statAsync(path);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

function statWithCallbacks(paths: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    let asked = 0;
    let answered = 0;
    const next = (): void => {
      const path = paths[asked];
      if (path === undefined) return;
      asked++;
      stat(path, () => {
        answered++;
        if (answered === paths.length) resolve();
        else next();
      });
    };
    for (let lane = 0; lane < width; lane++) next();
  });
}

function follow(): FileSources {
  return startFileSources(
    {
      patterns: [parseRunPattern('*/', folder)],
      depth: 6,
      maxFiles: 20_000,
      pollSeconds: 5,
      idlePollSeconds: 60,
      discoverySeconds: 30,
      maxAgeSeconds: 7200,
      logNames: ['*.log'],
      catchUpBytes: 64 * 1024 * 1024,
      jobIdPattern: /job-(?<job_id>\d+)/,
      procfs: '/proc',
      hostName: 'this-host',
      patienceSeconds: 10,
      budgetBytes: 64 * 1024 * 1024,
    },
    {
      journal: createFakeJournal().journal,
      tags: { resolve: () => undefined, isAllowed: () => false },
      ledger: createSourceLedger(),
      decoders: { event_files: createEventFileDecoder, logs: createLogDecoder, rank_logs: createLogDecoder },
      tellTrainerState: () => false,
      clock: systemClock,
      log: createLog({ level: 'warn', format: 'logfmt', daemon: 'bench', write: (line) => process.stderr.write(line) }),
    },
  );
}

async function pauseOf(piece: () => unknown): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let isDone = false;
  const beat = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isDone) setImmediate(beat);
  };
  setImmediate(beat);
  await piece();
  isDone = true;
  await new Promise((resolve) => setImmediate(resolve));
  return longest;
}
