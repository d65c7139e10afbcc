import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import { replaceFile } from '../../../kit/replace-file.ts';
import type { SaidDay } from '../serving/said-days.ts';

/** What was said, a file for each day: nothing that was said is changed when its outcome is known. */
export interface SaidLog {
  /** Ascending. Damaged files are left out and told. */
  readonly load: () => Promise<readonly SaidDay[]>;
  readonly add: (day: SaidDay) => Promise<void>;
  readonly dropBefore: (ms: number) => Promise<void>;
}

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
          days.push(JSON.parse(gunzipSync(await readFile(join(folder, name))).toString()) as SaidDay);
        } catch (error) {
          onProblem(`${join(folder, name)} is left out: ${reasonOf(error)}; remove it`);
        }
      }
      return days;
    },
    add: async (day) => {
      const name = `said-${dayOf(day.atMs)}.json.gz`;
      if ((await names()).includes(name)) throw new SourceError(`${join(folder, name)} is there already`);
      await replaceFile(join(folder, name), gzipSync(JSON.stringify(day)));
    },
    dropBefore: async (ms) => {
      const first = `said-${dayOf(ms)}.json.gz`;
      for (const name of await names()) if (name < first) await rm(join(folder, name), { force: true });
    },
  };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
