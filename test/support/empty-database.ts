import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../kit/package-root.ts';
import { pgliteVersion } from '../../kit/store/embedded/pglite-version.ts';
import { readTemplate } from '../../kit/store/embedded/template.ts';
import { unpack } from '../../kit/store/embedded/unpack.ts';
import { quietLog } from './quiet-log.ts';

/**
 * Lays the empty database that a first start would lay there too, but from a copy that all tests share: bringing its thousand files to the
 * disk one by one takes a second. Without dist it does nothing, and the first start makes the database.
 */
export function layEmptyDatabase(folder: string): void {
  const copy = sharedCopy();
  if (copy !== undefined) cpSync(copy, join(folder, 'data'), { recursive: true });
}

function sharedCopy(): string | undefined {
  const maker = readFileSync(join(packageRoot, 'kit', 'store', 'embedded', 'make-template.ts'));
  const key = createHash('sha256').update(pgliteVersion).update(maker).digest('hex').slice(0, 16);
  const copy = join(tmpdir(), `fleetlens-empty-database-${key}`);
  if (existsSync(copy)) return copy;
  const template = readTemplate(quietLog);
  if (template === undefined) return undefined;
  const work = mkdtempSync(`${copy}-`);
  try {
    unpack(template, join(work, 'data'));
    renameSync(join(work, 'data'), copy);
  } catch (error) {
    // Another worker was faster.
    if (!existsSync(copy)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return copy;
}
