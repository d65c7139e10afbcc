import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const toolsFolder = join(root, '.tools');

/** A failure that the user can do something about: printed without a stack. */
export class SetupError extends Error {
  name = 'SetupError';
}
