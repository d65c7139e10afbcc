import { basename, dirname, join } from 'node:path';
import type { FileFacts, FileSystem } from './file-system.ts';
import type { Gate } from './gate.ts';

export interface MovedFile {
  readonly path: string;
  readonly facts: FileFacts;
}

/** Names that are looked at: what rotation makes of a name begins as it did. */
const maxNames = 200;
const maxEntries = 10_000;

/** Where rotation moved a file, which keeps its inode; undefined if it is nowhere in its folder. The place of a link may just have changed. */
export async function findMoved(
  path: string,
  identity: string,
  { fs, gate }: { readonly fs: FileSystem; readonly gate: Gate },
): Promise<MovedFile | undefined> {
  const folder = dirname(path);
  const [stem = ''] = basename(path).split('.');
  const entries = await gate.run(folder, () => fs.list(folder, 0, maxEntries));
  const names = entries.filter(({ name, is }) => is === 'file' && name.startsWith(stem)).map(({ name }) => name);
  for (const name of names.slice(-maxNames)) {
    const candidate = join(folder, name);
    const facts = await gate.run(candidate, () => fs.identify(candidate)).catch(() => undefined);
    if (facts?.identity === identity && facts.isFile) return { path: candidate, facts };
  }
  return undefined;
}
