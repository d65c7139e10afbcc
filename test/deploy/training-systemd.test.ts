import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainingOptions } from '../../exporters/training/options.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { codeBlocks } from './code-blocks.ts';
import { root } from './manifests.ts';
import { systemdUnit } from './systemd-unit.ts';

const { text, values } = systemdUnit('training');
const guide = readFileSync(join(root, 'docs/guides/training-set-ups.md'), 'utf8');

test('it starts the compiled exporter with options that exist, and with the file of the guide', () => {
  const [start = '', ...more] = values('ExecStart');
  expect(more).toEqual([]);
  const [node, program, command, ...argv] = start.split(' ');
  expect([node, program, command]).toEqual(['/usr/bin/node', '/opt/fleetlens/dist/cli/main.js', 'training']);
  expect(existsSync(join(root, 'cli/main.ts'))).toBe(true);
  const file = codeBlocks(guide, 'yaml').find((block) => block.includes('/var/lib/fleetlens-training/')) ?? '';
  const options = parseOptions(trainingOptions, { argv, env: {}, readFile: () => file });
  expect(options['config.file']).toBe('/etc/fleetlens/training.yaml');
  expect(options['runs.paths']).not.toEqual([]);
  expect(options['state.file']).toBe(`/var/lib/${values('StateDirectory')[0]}/state.json`);
});

test('it sees runs in home folders and the processes that write them', () => {
  expect(values('ProtectHome')).toEqual(['read-only']);
  for (const directive of ['ProtectProc', 'ProcSubset', 'PrivatePIDs', 'PrivateUsers']) {
    expect(values(directive)).toEqual([]);
  }
});

test('the guide shows the unit as it is', () => {
  expect(codeBlocks(guide, 'ini')).toEqual([text]);
});
