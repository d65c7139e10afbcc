import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'fixtures', 'engines');

/** The names of the folders, which are those of the scrape jobs. */
export const engineFixtures: readonly string[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

export function engineFixture(name: string, file = 'metrics.prom'): string {
  return readFileSync(join(folder, name, file), 'utf8');
}
