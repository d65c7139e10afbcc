import { join } from 'node:path';
import type { FileKind } from '../../../exporters/training/sources/files/file-kind.ts';
import type { Entry } from '../../../exporters/training/sources/files/file-system.ts';
import type { ReadFolder } from '../../../exporters/training/sources/files/walk-run.ts';

/** A file that is not read although it may have been meant. */
export interface NearMiss {
  readonly path: string;
  readonly why: string;
}

/** Collects the nearest ones of any number of folders. */
export interface NearMisses {
  readonly look: (folders: readonly ReadFolder[]) => void;
  readonly nearest: () => readonly NearMiss[];
}

interface Rule {
  readonly names: RegExp;
  readonly why: (name: string) => string;
}

const asLog = (name: string): string =>
  `may be a log; name it to have it read: --logs.names='${name.replaceAll("'", '?')}'`;

/** Nearest first. */
const rules: readonly Rule[] = [
  { names: /tfevents.*\.profile-empty$/, why: () => 'made by the profiler of TensorBoard, has no scalars' },
  { names: /tfevent|^events\.out/i, why: () => 'an event file has tfevents in its name' },
  { names: /tfevents|\.(?:log|out|err|txt)\.(?:gz|zst|xz|bz2|zip)$/i, why: () => 'is compressed; unpack it' },
  { names: /\.(?:log|out|err)\.\d+$|^(?:stdout|stderr|nohup|console)/i, why: asLog },
  { names: /(?:train|slurm|log|rank|console|output|stdout|stderr).*\.(?:txt|log|out|err)$/i, why: asLog },
  {
    names: /trainer_state.*\.json|trainer_log\.jsonl|global_rank_?\d+/i,
    why: () => 'has another name than the one that is read',
  },
  {
    names: /(?:metrics|progress|log|scalars|history|results).*\.(?:csv|jsonl?)$/i,
    why: () => 'is of a format that is not read; let the training write event files as well, or push',
  },
  {
    names: /\.wandb$/,
    why: () => 'is of a format that is not read; let the training write event files as well, or push',
  },
];
const shownMisses = 8;

export function createNearMisses(kindOf: (name: string) => FileKind | undefined): NearMisses {
  const byRule = rules.map((): NearMiss[] => []);

  function take(folder: string, { name, is }: Entry): void {
    if (is === 'folder' || is === 'other' || kindOf(name) !== undefined) return;
    const at = rules.findIndex(({ names }) => names.test(name));
    const rule = rules[at];
    const found = byRule[at];
    if (rule === undefined || found === undefined || found.length >= shownMisses) return;
    found.push({ path: join(folder, name), why: rule.why(name) });
  }

  return {
    look: (folders) => {
      for (const { folder, entries } of folders) for (const entry of entries) take(folder.path, entry);
    },
    nearest: () => byRule.flat().slice(0, shownMisses),
  };
}
