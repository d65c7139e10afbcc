import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import { replaceFile } from '../../../kit/replace-file.ts';
import { horizons } from '../horizon.ts';
import type { SaidDay } from '../serving/said-days.ts';

/** What was said, a file for each day: nothing that was said is changed when its outcome is known. */
export interface SaidLog {
  /** Ascending. Damaged files are renamed, left out and told. */
  readonly load: () => Promise<readonly SaidDay[]>;
  readonly add: (day: SaidDay) => Promise<void>;
  readonly dropBefore: (ms: number) => Promise<void>;
}

/** A day of 100,000 entities has about 60 MB. */
const mostBytes = 512 * 2 ** 20;
const fileName = /^said-(\d{4}-\d{2}-\d{2})\.json\.gz$/;

export async function openSaidLog(folder: string, onProblem: (problem: string) => void): Promise<SaidLog> {
  await mkdir(folder, { recursive: true });
  const names = async (): Promise<readonly string[]> =>
    (await readdir(folder)).filter((each) => fileName.test(each)).sort();
  return {
    load: async () => {
      const days: SaidDay[] = [];
      for (const name of await names()) {
        try {
          days.push(dayIn(gunzipSync(await readFile(join(folder, name)), { maxOutputLength: mostBytes }).toString()));
        } catch (error) {
          const aside = join(folder, `${name}.damaged`);
          await rename(join(folder, name), aside);
          onProblem(`${join(folder, name)} is left out: ${reasonOf(error)}; it is kept as ${aside}`);
        }
      }
      return days;
    },
    add: async (day) => {
      const name = `said-${dayOf(day.atMs)}.json.gz`;
      if ((await names()).includes(name)) throw new SourceError(`${join(folder, name)} is there already`);
      try {
        await replaceFile(join(folder, name), gzipSync(JSON.stringify(day)));
      } catch (error) {
        throw new SourceError(
          `${join(folder, name)} cannot be written (${reasonOf(error)}), so what is said today is not judged; let this user write there, and give it room`,
          { cause: error },
        );
      }
    },
    dropBefore: async (ms) => {
      const first = `said-${dayOf(ms)}.json.gz`;
      for (const name of await readdir(folder)) {
        const isOurs = fileName.test(name.replace(/\.damaged$/, ''));
        if (isOurs && name < first) await rm(join(folder, name), { force: true });
      }
    },
  };
}

/** Written by ourselves: it is looked whether it is whole, not whether each number makes sense. Throws SourceError. */
function dayIn(text: string): SaidDay {
  const day: unknown = JSON.parse(text);
  if (isSaidDay(day)) return day;
  throw new SourceError('it is no record of what was said');
}

function isSaidDay(value: unknown): value is SaidDay {
  if (typeof value !== 'object' || value === null) return false;
  const { atMs, model, entities, probability, correction, layer } = value as Partial<Record<keyof SaidDay, unknown>>;
  if (typeof atMs !== 'number' || typeof model !== 'string' || !Array.isArray(entities)) return false;
  return [probability, correction, layer].every((columns) =>
    horizons.every((horizon) => {
      const column: unknown = (columns as Readonly<Record<string, unknown>> | null | undefined)?.[horizon];
      return Array.isArray(column) && column.length === entities.length;
    }),
  );
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
