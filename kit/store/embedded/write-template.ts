/** Run when the package is built: writes the template into the folder that is named. */
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeTemplate, templateFile } from './template.ts';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('name the folder for the template');
writeFileSync(join(folder, basename(templateFile)), gzipSync(await makeTemplate(), { level: 9 }));
