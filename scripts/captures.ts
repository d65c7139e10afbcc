import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printCapture } from '../exporters/gpu/sources/capture/print-capture.ts';
import { boards } from '../test/support/captures/boards.ts';
import { takeFakeCapture } from '../test/support/captures/take-fake-capture.ts';

/** Writes the captures of boards that nobody could read out, by reading out the fake library. Run it with `npx tsx scripts/captures.ts`. */
const folder = join(import.meta.dirname, '..', 'test', 'fixtures', 'captures');
mkdirSync(folder, { recursive: true });
for (const [name, board] of Object.entries(boards)) {
  const text = printCapture(await takeFakeCapture(board));
  writeFileSync(join(folder, `${name}.json`), text);
  console.log(`${name}.json: ${Math.ceil(text.length / 1024)} KiB`);
}
