import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { familyReaders } from '../../exporters/gpu/sources/nvml/families/index.ts';
import { xidSourceNames } from '../../exporters/gpu/sources/source.ts';
import { xidCodesThatStopCalls } from '../../metrics/xid.ts';
import { tableRows } from '../laws/documents.ts';
import { root } from './manifests.ts';

const guide = readFileSync(join(root, 'docs/guides/gpu-exporter.md'), 'utf8');

test('the guide has every family of readings with its tier', () => {
  const rows = tableRows(guide, 'Family').map(([family, tier]) => [family, tier]);
  expect(rows).toEqual(Object.entries(familyReaders).map(([family, { tier }]) => [`\`${family}\``, tier]));
});

test('the guide has every source of XID errors', () => {
  const rows = tableRows(guide, '`source`').map(([source]) => source);
  expect(rows).toEqual(xidSourceNames.map((source) => `\`${source}\``));
});

test('the guide names the XID errors after which a GPU is left alone', () => {
  const errors = tableRows(guide, '`error`').map(([error]) => error);
  expect(errors).toContain(xidCodesThatStopCalls.map((code) => `\`xid_${code}\``).join(', '));
});
