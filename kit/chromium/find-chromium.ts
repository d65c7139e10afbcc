import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** In the order in which they are looked for on PATH. */
const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chromium-headless-shell',
  'microsoft-edge',
];

/** The program that was named, or the first one on PATH; undefined if there is none. Whether it is a Chromium turns out when it runs. */
export function findChromium(named: string | undefined, path = process.env['PATH'] ?? ''): string | undefined {
  if (named !== undefined && named !== '') return isProgram(named) ? named : undefined;
  const folders = path.split(delimiter).filter(isAbsolute);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
