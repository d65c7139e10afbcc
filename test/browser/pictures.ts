import { join } from 'node:path';

/** Where a run leaves its pictures: one for each page, panel and state, named after the test file, what is shown, and the libraries. */
export const pictures = join(import.meta.dirname, '..', '..', 'coverage', 'browser-pictures');
