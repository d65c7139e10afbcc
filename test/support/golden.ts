import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const goldenFolder = join(import.meta.dirname, '..', 'golden');

/**
 * Compares a text with test/golden/<name>. `npm test -- -u` (or UPDATE_GOLDEN=1) writes it instead; read the difference in git before
 * you commit it.
 */
export function expectGolden(name: string, text: string): void {
  const file = join(goldenFolder, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const golden = existsSync(file)
    ? readFileSync(file, 'utf8')
    : `(no golden file ${name}; make it with npm test -- -u)`;
  expect(text).toBe(golden);
}
