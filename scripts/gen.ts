import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedAlertmanager } from './gen/alertmanager.ts';
import { generatedAppTexts } from './gen/app-texts.ts';
import { generatedCmdb } from './gen/cmdb.ts';
import { generatedBoards } from './gen/dashboards.ts';
import { generatedDcgmNames } from './gen/dcgm-names.ts';
import { generatedEngines } from './gen/engines.ts';
import { generatedMeters } from './gen/meters.ts';
import { generatedReference } from './gen/reference.ts';
import { generatedRouting } from './gen/routing.ts';
import { generatedRules, generatedRunbooks } from './gen/rules.ts';
import { generatedTrainingTags } from './gen/training-tags.ts';
import { generatedVendors } from './gen/vendors.ts';

/**
 * Writes everything that is made from TypeScript and committed, or with --check lists what differs and fails. Folders in `owned` hold
 * nothing else, so a file in them that nobody makes any more is stale.
 */
const root = join(import.meta.dirname, '..');
const owned = [
  'rules/generated',
  'docs/runbooks',
  'docs/reference',
  'alertmanager/generated',
  'dashboards/generated',
  'deploy/generated',
];

const files = new Map([
  ...generatedRules(),
  ...generatedRunbooks(),
  ...generatedAlertmanager(),
  ...(await generatedBoards(root)),
  ...generatedReference(),
  ...generatedRouting(),
  ...generatedMeters(),
  ...generatedDcgmNames(),
  ...generatedTrainingTags(),
  ...generatedEngines(),
  ...generatedVendors(),
  ...generatedCmdb(),
  ...generatedAppTexts(root),
]);
const differing = [...files].filter(([path, text]) => read(path) !== text).map(([path]) => path);
const stale = owned.flatMap(filesBelow).filter((path) => !files.has(path));

if (process.argv.includes('--check')) check();
else write();

function check(): void {
  for (const path of differing) console.error(`differs from its source: ${path}`);
  for (const path of stale) console.error(`nothing makes it any more: ${path}`);
  if (differing.length + stale.length === 0) {
    console.log(`${files.size} generated files are fresh`);
    return;
  }
  console.error('Run npm run gen and commit the result.');
  process.exitCode = 1;
}

function write(): void {
  for (const path of differing) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), files.get(path) ?? '');
    console.log(`wrote ${path}`);
  }
  for (const path of stale) {
    rmSync(join(root, path));
    console.log(`removed ${path}`);
  }
  console.log(`${files.size} generated files are fresh`);
}

function read(path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function filesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
