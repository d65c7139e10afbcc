import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainingOptions } from '../../exporters/training/options.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { codeBlocks } from './code-blocks.ts';
import { readDeployFile, root } from './manifests.ts';

const unit = readDeployFile('systemd/fleetlens-training.service');
const guide = readFileSync(join(root, 'docs/guides/training-set-ups.md'), 'utf8');

/** Values of a directive in the unit, in their order. */
function values(directive: string): readonly string[] {
  return [...unit.matchAll(/^(\w+)=(.*)$/gm)].flatMap(([, name, value = '']) => (name === directive ? [value] : []));
}

test('every line of the unit is a section, a directive, a comment or blank', () => {
  const lines = unit.split('\n').filter((line) => !/^(\[(Unit|Service|Install)\]|[A-Z]\w+=.*|#.*|)$/.test(line));
  expect(lines).toEqual([]);
});

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

test('it reads its options again on SIGHUP, and does not try bad ones again', () => {
  expect(values('ExecReload')).toEqual(['/bin/kill -HUP $MAINPID']);
  expect(values('RestartPreventExitStatus')).toEqual(['2']);
});

test('it has no capability, no user of its own to make, and one folder to write', () => {
  expect(values('CapabilityBoundingSet')).toEqual(['']);
  expect(values('AmbientCapabilities')).toEqual([]);
  expect(values('NoNewPrivileges')).toEqual(['yes']);
  expect(values('DynamicUser')).toEqual(['yes']);
  expect(values('ProtectSystem')).toEqual(['strict']);
  expect(values('ReadWritePaths')).toEqual([]);
  expect(values('StateDirectory')).toEqual(['fleetlens-training']);
});

test('it sees runs in home folders and the processes that write them', () => {
  expect(values('ProtectHome')).toEqual(['read-only']);
  for (const directive of ['ProtectProc', 'ProcSubset', 'PrivatePIDs', 'PrivateUsers']) {
    expect(values(directive)).toEqual([]);
  }
});

test('it does not take Node.js the memory that it compiles into', () => {
  expect(values('MemoryDenyWriteExecute')).toEqual([]);
});

test('the guide shows the unit as it is', () => {
  expect(codeBlocks(guide, 'ini')).toEqual([unit]);
});
