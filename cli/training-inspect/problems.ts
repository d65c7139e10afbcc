import type { SourceKind } from '../../exporters/training/journal.ts';
import type { ProblemReason } from '../../exporters/training/source-ledger.ts';
import { counted } from '../doctor/counted.ts';
import type { ReadFile, ReadRun } from './read/read-run.ts';
import type { Problem } from './report.ts';
import { formatBytes } from './text/units.ts';

const maxNamed = 10;

export interface Problems {
  readonly named: readonly Problem[];
  /** Of those that are not named. */
  readonly further: number;
}

/** What could not be read or understood, in words, and what to do about it. */
export function problemsOf(run: ReadRun, catchUpBytes: number): Problems {
  const all = [
    ...run.unreadPaths.map(unreadable),
    ...run.files.flatMap((file) => problemsOfFile(file, catchUpBytes)),
    ...ofTrainerState(run),
    ...ofLimits(run),
  ];
  return { named: all.slice(0, maxNamed), further: Math.max(0, all.length - maxNamed) };
}

function unreadable({ path, reason }: { readonly path: string; readonly reason: string }): Problem {
  return { path, what: `cannot be read: ${reason}`, remedy: 'give the user of the exporter the right to read it' };
}

function problemsOfFile(file: ReadFile, catchUpBytes: number): readonly Problem[] {
  const { path, kind, size, note } = file;
  const problems: Problem[] = [];
  const add = (what: string, remedy?: string): void => void problems.push({ path, what, remedy });
  if (kind === 'logs' && size > catchUpBytes)
    add(
      `of ${formatBytes(size)} only the last ${formatBytes(catchUpBytes)} were read`,
      'to have more of it read, raise --logs.catch-up-mib',
    );
  if (file.isDead)
    add(
      `is damaged at byte ${file.position.toLocaleString('en')} or before, and nothing behind that can be read`,
      'copy the file again if it is a copy; a training that is started again writes a new file',
    );
  for (const [reason, count] of note?.problems ?? []) {
    const words = wordsOf(kind, reason, count);
    if (words !== undefined) add(...words);
  }
  if (kind === 'event_files' && !file.isDead && note !== undefined) {
    const pending = note.decoder.pendingBytes();
    if (pending > 0)
      add(
        `ends inside a record; the last ${counted(pending, 'byte')} cannot be used yet`,
        'nothing if the training still writes; otherwise it was killed, or the copy is not complete',
      );
  }
  return problems;
}

function wordsOf(
  kind: SourceKind,
  reason: ProblemReason,
  count: number,
): readonly [what: string, remedy?: string] | undefined {
  switch (reason) {
    case 'bad_crc':
      return [
        `${counted(count, 'record')} with a wrong checksum ${count === 1 ? 'was' : 'were'} left out`,
        'the disk or a copy damaged the file; all other records are read',
      ];
    case 'bad_record':
      return kind === 'rank_logs'
        ? [
            `${counted(count, 'line')} that ${count === 1 ? 'is' : 'are'} no JSON object`,
            'look for a second writer of the file',
          ]
        : [`${counted(count, 'record')} could not be understood`, 'all other records are read'];
    case 'too_long':
      return kind === 'event_files'
        ? [`${counted(count, 'value')} with tags that are too long`, 'shorten the tags to 1,024 bytes']
        : [`${counted(count, 'line')} too long to be read`, 'write the values of the training on lines of their own'];
    // What these say is said of the file as a whole.
    case 'bad_length':
    case 'skipped':
    case 'unreadable':
    case 'unauthorized':
      return undefined;
  }
}

function ofTrainerState({ counts }: ReadRun): readonly Problem[] {
  const problems = counts.problems.get('trainer_state');
  const path = 'trainer_state.json';
  if ((problems?.get('too_long') ?? 0) > 0)
    return [
      {
        path,
        what: 'the newest one is too large to be read',
        remedy: 'raise logging_steps, so that its history is shorter',
      },
    ];
  if ((problems?.get('bad_record') ?? 0) > 0)
    return [
      { path, what: 'the newest one is no JSON, or not what transformers writes', remedy: 'save the checkpoint again' },
    ];
  return [];
}

function ofLimits({ counts }: ReadRun): readonly Problem[] {
  return [...counts.dropped].map(([kind, count]) => ({
    path: undefined,
    what: `${count.toLocaleString('en')} ${kind} left out because the limit was reached`,
    remedy: kind === 'phases' ? undefined : `raise --${kind}.max`,
  }));
}
