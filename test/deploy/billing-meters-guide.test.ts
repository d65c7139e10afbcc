import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { meterKeys, seriesKeys } from '../../exporters/billing/meters/read-meters.ts';
import { gapKeys } from '../../exporters/billing/sources/config/gaps.ts';
import { sourceKeys } from '../../exporters/billing/sources/config/read-sources.ts';
import { gapPolicies } from '../../exporters/billing/usage.ts';
import { root } from './manifests.ts';

const guide = readFileSync(join(root, 'docs/guides/billing-meters.md'), 'utf8');

/** First cells of the table below a heading, each name in them. */
function namesBelow(heading: string): readonly string[] {
  const [, below = ''] = guide.split(`\n## ${heading}\n`);
  const [section = ''] = below.split('\n## ');
  const cells = section.split('\n').flatMap((line) => /^\| (`.*?) \|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name));
}

test('every key of a meter and of its sources is explained, and no other', () => {
  expect(new Set(namesBelow('Meters'))).toEqual(new Set([...meterKeys, ...seriesKeys]));
});

test('every key of a source is explained, and no other', () => {
  expect(new Set(namesBelow('Sources'))).toEqual(new Set(sourceKeys));
});

test('every policy and key of gaps is explained', () => {
  expect(namesBelow('Gaps')).toEqual(['policy', ...gapPolicies]);
  expect(gapKeys.filter((key) => !guide.includes(`${key}:`) || !guide.includes(`\`${key}\``))).toEqual([]);
});

/** Code in which messages stand, without line breaks in strings. */
function sourceText(...folders: readonly string[]): string {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(root, folder, name), 'utf8')),
  );
  return files.join('\n').replaceAll(/[`'] \+\s+[`']/g, '');
}

test('what the guide quotes is what is said', () => {
  const [, below = ''] = guide.split('\n## When something is wrong\n');
  const quotes = below.split('\n').flatMap((line) => /^\| (?!---|What is said)(.*?) \|/.exec(line)?.[1] ?? []);
  expect(quotes.length).toBeGreaterThan(8);
  const code = sourceText('exporters/billing/sources', 'exporters/billing/metering', 'kit/prometheus-api');
  const parts = quotes.flatMap((quote) => quote.split('…').map((part) => part.trim()));
  expect(parts.filter((part) => !code.includes(part))).toEqual([]);
});
