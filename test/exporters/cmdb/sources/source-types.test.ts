import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceTypes } from '../../../../exporters/cmdb/sources/index.ts';
import { fieldsFor, sourceDeps } from '../../../support/observe.ts';

const types = sourceTypes({});
const root = join(__dirname, '../../../..');
const guides = ['cmdb-sources.md', 'cmdb-netbox.md', 'cmdb-kubernetes.md', 'cmdb-redfish.md']
  .map((name) => readFileSync(join(root, 'docs/guides', name), 'utf8'))
  .join('\n');

test('every folder of a source is in the list, once', () => {
  const folders = readdirSync(join(root, 'exporters/cmdb/sources'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const index = readFileSync(join(root, 'exporters/cmdb/sources/index.ts'), 'utf8');
  for (const { name } of folders) expect(index).toContain(`from './${name}/`);
  expect(new Set(types.map(({ type }) => type)).size).toBe(types.length);
});

test.each(types.map((type) => [type.type, type] as const))(
  'the guides tell of %s and of each of its keys',
  (name, { keys }) => {
    expect(guides).toContain(`type: ${name}`);
    expect(keys.filter((key) => !guides.includes(`\`${key}\``))).toEqual([]);
  },
);

test.each(types.map((type) => [type.type, type] as const))(
  '%s opens nothing until it is asked to look',
  (name, type) => {
    const entry = {
      url: 'http://127.0.0.1:9',
      token_file: '/t',
      files: '/nonexistent/*.x',
      directory: '/nonexistent',
      cluster: 'c',
    };
    const own = name === 'redfish' ? { bmcs: ['10.0.0.1'], user_file: '/u', password_file: '/p' } : entry;
    const config = type.read(fieldsFor(own), sourceDeps({ readFile: () => 'token' }));
    const source = type.create('mine', config, sourceDeps());
    expect(source).toMatchObject({ name: 'mine', type: name });
  },
);
