import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { cmdbFileKeys, readCmdbFile } from '../../exporters/cmdb/cmdb-file/cmdb-file.ts';
import { sourceTypes } from '../../exporters/cmdb/sources/index.ts';
import { codeBlocks } from './code-blocks.ts';
import { root } from './manifests.ts';

const folder = join(root, 'docs', 'guides');
const types = sourceTypes({ KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' });
const certificate = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';

/** Stands for the files that a configuration names. */
function contentOf(path: string): string {
  if (/\.(crt|pem)$/.test(path)) return certificate;
  return /webhook|url/.test(path) ? 'https://hooks.example.com/x' : 'secret';
}

const snippets = readdirSync(folder)
  .filter((name) => name.startsWith('cmdb'))
  .flatMap((name) =>
    codeBlocks(readFileSync(join(folder, name), 'utf8'), 'yaml').map(
      (text, index) => [`${name} ${index + 1}`, text] as const,
    ),
  )
  .filter(([, text]) => isConfiguration(text));

function isConfiguration(text: string): boolean {
  const document: unknown = load(text);
  return (
    typeof document === 'object' && document !== null && Object.keys(document).some((key) => cmdbFileKeys.includes(key))
  );
}

test('there are configurations to check', () => {
  expect(snippets.length).toBeGreaterThan(15);
});

test.each(snippets)('the configuration of %s is taken', (_name, text) => {
  const document = load(text) as { readonly sources?: unknown; readonly precedence?: readonly string[] };
  // Orders of sources are shown without the sources.
  const named = document.sources === undefined ? (document.precedence ?? []) : [];
  const file = JSON.stringify({
    ...document,
    ...(named.length === 0 ? {} : { sources: [...named, 'prometheus'].map(fileSource) }),
  });
  const readFile = (path: string) => (path === 'cmdb.yaml' ? file : contentOf(path));
  expect(() => readCmdbFile('cmdb.yaml', types, { readFile })).not.toThrow();
});

function fileSource(name: string) {
  return { name, type: 'file', files: ['x.csv'] };
}

test('the guide has every key of the file', () => {
  const guide = readFileSync(join(folder, 'cmdb.md'), 'utf8');
  expect(cmdbFileKeys.filter((key) => !guide.includes(`\`${key}\``))).toEqual([]);
});
