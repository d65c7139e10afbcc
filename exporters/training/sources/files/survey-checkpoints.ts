import { basename, join } from 'node:path';
import {
  type CheckpointFamily,
  checkpointOfFolder,
  hasWeights,
  stepOfLightning,
  stepOfTracker,
  trackerFamilies,
} from './checkpoint-names.ts';
import type { CheckpointSighting } from './checkpoint-sighting.ts';
import type { Entry, FileSystem } from './file-system.ts';
import type { Gate } from './gate.ts';
import type { Walk } from './walk.ts';
import type { ReadFolder } from './walk-run.ts';

/** The file that a framework writes last into a checkpoint of its own folder. */
const lastFiles: Readonly<Partial<Record<CheckpointFamily, string>>> = {
  huggingface: 'trainer_state.json',
  // Of torch.distributed.checkpoint, written when all ranks have written theirs.
  torchtitan: '.metadata',
};

interface Tracker {
  readonly family: CheckpointFamily;
  readonly step: number;
  readonly writtenAt: number;
}

interface Deps {
  readonly fs: FileSystem;
  readonly gate: Gate;
  readonly walk: Walk;
  /** Checkpoints that were complete before and were not read again, by path. */
  readonly known: ReadonlyMap<string, CheckpointSighting>;
}

/** More than the name of a folder is nothing that a framework wrote. */
const maxTrackerBytes = 256;

/** All checkpoints in folders that were read just now. */
export async function surveyCheckpoints(
  folders: readonly ReadFolder[],
  deps: Deps,
): Promise<readonly CheckpointSighting[]> {
  const trackers = new Map<string, Tracker>();
  const sightings: CheckpointSighting[] = [];
  for (const [index, { folder, entries }] of folders.entries()) {
    // Also DeepSpeed's `latest` is in a checkpoint of Hugging Face, and is of the same checkpoint.
    if (index > 0 && checkpointOfFolder(basename(folder.path)) !== undefined) continue;
    for (const tracker of await readTrackers(folder.path, entries, deps))
      trackers.set(seriesOf(folder.path, tracker.family), tracker);
    sightings.push(...(await seeCheckpointFiles(folder.path, entries, deps.walk)));
    sightings.push(...entries.flatMap(({ name }) => deps.known.get(join(folder.path, name)) ?? []));
  }
  for (const read of folders.slice(1)) {
    const sighting = await seeFolder(read, trackers, deps.walk);
    if (sighting !== undefined) sightings.push(sighting);
  }
  return [...sightings, ...newestOfTrackers(trackers, new Set(sightings.map(({ key }) => key)))];
}

async function readTrackers(folder: string, entries: readonly Entry[], deps: Deps): Promise<readonly Tracker[]> {
  const found: Tracker[] = [];
  for (const { name, is } of entries) {
    const family = trackerFamilies.get(name);
    if (family === undefined || is !== 'file') continue;
    const path = join(folder, name);
    const facts = await deps.walk.identify(path);
    const step = stepOfTracker(await readText(path, deps));
    if (facts !== undefined && step !== undefined) found.push({ family, step, writtenAt: facts.mtimeSeconds });
  }
  return found;
}

async function readText(path: string, { fs, gate }: Deps): Promise<string> {
  const buffer = Buffer.alloc(maxTrackerBytes);
  try {
    const { bytesRead } = await gate.run(path, () => fs.read(path, 0, buffer));
    return buffer.toString('latin1', 0, bytesRead);
  } catch {
    return '';
  }
}

async function seeFolder(
  { folder, entries }: ReadFolder,
  trackers: ReadonlyMap<string, Tracker>,
  walk: Walk,
): Promise<CheckpointSighting | undefined> {
  const name = checkpointOfFolder(basename(folder.path));
  if (name === undefined) return undefined;
  const { family, step } = name;
  const series = seriesOf(join(folder.path, '..'), family);
  const touchedAt = folder.facts.mtimeSeconds;
  const base = { key: keyOf(series, step), path: folder.path, series, family, step, touchedAt, mayGrow: false };
  const lastFile = lastFiles[family];
  if (lastFile === undefined)
    return { ...base, completeAt: completedByTracker(trackers.get(series), step, touchedAt, entries) };
  const isThere = entries.some((entry) => entry.name === lastFile);
  const facts = isThere ? await walk.identify(join(folder.path, lastFile)) : undefined;
  return { ...base, completeAt: facts?.mtimeSeconds };
}

/** What is above the step of the tracker is being written, or was given up. */
function completedByTracker(
  tracker: Tracker | undefined,
  step: number,
  touchedAt: number,
  entries: readonly Entry[],
): number | undefined {
  if (tracker === undefined || step > tracker.step) return undefined;
  if (step === tracker.step) return tracker.writtenAt;
  return hasWeights(entries.map(({ name }) => name)) ? touchedAt : undefined;
}

/** The newest one counts also where its folder is too deep, or somewhere else. */
function newestOfTrackers(trackers: ReadonlyMap<string, Tracker>, seen: ReadonlySet<string>): CheckpointSighting[] {
  return [...trackers]
    .map(([series, { family, step, writtenAt }]) => ({
      key: keyOf(series, step),
      path: undefined,
      series,
      family,
      step,
      completeAt: writtenAt,
      touchedAt: writtenAt,
      mayGrow: false,
    }))
    .filter(({ key }) => !seen.has(key));
}

/** Lightning writes one file, or a folder where the weights are sharded. `last.ckpt` is a second name of one that has a step. */
async function seeCheckpointFiles(
  folder: string,
  entries: readonly Entry[],
  walk: Walk,
): Promise<readonly CheckpointSighting[]> {
  const files = entries.filter(({ name, is }) => name.endsWith('.ckpt') && is !== 'other');
  const withStep = files.filter(({ name }) => stepOfLightning(name) !== undefined);
  const series = seriesOf(folder, 'lightning');
  const found: CheckpointSighting[] = [];
  for (const { name } of withStep.length > 0 ? withStep : files) {
    const path = join(folder, name);
    const facts = await walk.identify(path);
    if (facts === undefined) continue;
    const completeAt = facts.mtimeSeconds;
    const step = stepOfLightning(name);
    // Without a step the same name stands for one checkpoint after the other.
    const key = step === undefined ? `${series} ${name} ${completeAt}` : `${series} ${name}`;
    found.push({ key, path, series, family: 'lightning', step, completeAt, touchedAt: completeAt, mayGrow: true });
  }
  return found;
}

function seriesOf(folder: string, family: CheckpointFamily): string {
  return `${family} ${folder}`;
}

function keyOf(series: string, step: number): string {
  return `${series} ${step}`;
}
