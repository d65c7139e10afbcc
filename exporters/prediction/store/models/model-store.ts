import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readBounded } from '../../../../kit/bounded-file.ts';
import { errnoOf, reasonOf, SourceError } from '../../../../kit/errors.ts';
import { replaceFile } from '../../../../kit/replace-file.ts';
import type { ModelSet } from '../../pipeline/model-set.ts';
import { readModelSet } from '../../pipeline/stored/read-model-set.ts';
import { writeModelSet } from '../../pipeline/stored/write-model-set.ts';
import { type ActiveSets, readActive, writeActive } from './active-sets.ts';

/** Sets of models in a folder: the one in use and the one before. */
export interface ModelStore {
  /** Undefined before the first training. Rejects with SourceError where the file is damaged, cut short or of another version. */
  readonly current: () => Promise<ModelSet | undefined>;
  readonly previous: () => Promise<ModelSet | undefined>;
  /** Ids, without reading the sets. */
  readonly active: () => Promise<ActiveSets>;
  /** Makes a set the one in use and keeps the one before. Whoever reads sees the old one or the new one, whenever the process ends. */
  readonly swap: (set: ModelSet) => Promise<void>;
  /** Exchanges the one in use with the one before, and resolves with it. Rejects with SourceError where there is none, or it is damaged. */
  readonly rollBack: () => Promise<ModelSet>;
}

export interface ModelStoreSettings {
  readonly folder: string;
  readonly writeFile?: typeof replaceFile;
}

/** Six models with their evidence have about four megabytes. */
const maxBytes = 256 * 2 ** 20;
const activeFile = 'active.json';

/**
 * Each set is a file of its own, written before `active.json` names it, so a process that ends anywhere leaves the old set in use. One process at a time
 * may write. Rejects with SourceError for a folder that cannot be used.
 */
export async function openModelStore({ folder, writeFile = replaceFile }: ModelStoreSettings): Promise<ModelStore> {
  await inFolder(folder, () => mkdir(folder, { recursive: true }));
  const fileOf = (id: string): string => join(folder, nameOf(id));
  const pointer = join(folder, activeFile);

  async function active(): Promise<ActiveSets> {
    const text = await inFolder(folder, () => readBounded(pointer, 10_000));
    return text === undefined ? {} : readActive(text, pointer);
  }

  async function load(id: string | undefined): Promise<ModelSet | undefined> {
    if (id === undefined) return undefined;
    const text = await inFolder(folder, () => readBounded(fileOf(id), maxBytes));
    if (text === undefined) throw new SourceError(`${fileOf(id)} is not there, though ${pointer} names it; train anew`);
    const set = readModelSet(text, fileOf(id));
    if (set.id === id) return set;
    throw new SourceError(`${fileOf(id)} holds the set ${set.id}; give the file its name back, or train anew`);
  }

  async function point(to: ActiveSets): Promise<void> {
    await inFolder(folder, () => writeFile(pointer, writeActive(to)));
  }

  return {
    active,
    current: async () => load((await active()).current),
    previous: async () => load((await active()).previous),
    swap: async (set) => {
      const before = await active().catch((error: unknown): ActiveSets => {
        // A pointer that is damaged must not keep new models out for ever.
        if (error instanceof SourceError) return {};
        throw error;
      });
      await inFolder(folder, () => writeFile(fileOf(set.id), writeModelSet(set)));
      const next = { current: set.id, previous: before.current === set.id ? before.previous : before.current };
      await point(next);
      await removeOthers(folder, next);
    },
    rollBack: async () => {
      const { current, previous } = await active();
      const set = await load(previous);
      if (set === undefined) throw new SourceError(`${folder} has no set of models before the one in use`);
      await point({ current: previous, previous: current });
      return set;
    },
  };
}

function nameOf(id: string): string {
  return `models-${id}.json`;
}

/** What is left over of earlier swaps, and of processes that ended while they wrote. */
async function removeOthers(folder: string, { current = '', previous = '' }: ActiveSets): Promise<void> {
  const kept = [nameOf(current), nameOf(previous)];
  const names = await inFolder(folder, () => readdir(folder));
  for (const name of names) {
    if (!/^models-[0-9a-f-]+\.json(\.\d+\.new)?$/.test(name) || kept.includes(name)) continue;
    await inFolder(folder, () => rm(join(folder, name), { force: true }));
  }
}

async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (errnoOf(error) === undefined || error instanceof SourceError) throw error;
    throw new SourceError(
      `${folder}: check that the folder is there, may be read and written, and has room (${reasonOf(error)}); the models in use stay as they are`,
      { cause: error },
    );
  }
}
