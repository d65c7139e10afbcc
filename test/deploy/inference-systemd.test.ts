import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inferenceOptions } from '../../exporters/inference/options.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { codeBlocks } from './code-blocks.ts';
import { root } from './manifests.ts';
import { systemdUnit } from './systemd-unit.ts';

const { values } = systemdUnit('inference');
const guide = readFileSync(join(root, 'docs/guides/inference-set-ups.md'), 'utf8');
const optionsFile = codeBlocks(guide, 'yaml').find((block) => block.includes('/var/lib/fleetlens-inference/')) ?? '';
const [start = '', ...moreStarts] = values('ExecStart');
const [node, program, command, ...argv] = start.split(' ');
const options = parseOptions(inferenceOptions, { argv, env: {}, readFile: () => optionsFile });

test('it starts the compiled exporter with options that exist, and with the file of the guide', () => {
  expect(moreStarts).toEqual([]);
  expect([node, program, command]).toEqual(['/usr/bin/node', '/opt/fleetlens/dist/cli/main.js', 'inference']);
  expect(existsSync(join(root, 'cli/main.ts'))).toBe(true);
  expect(options['config.file']).toBe('/etc/fleetlens/inference.yaml');
  expect(options['proxy.file']).toBeDefined();
  expect(options['proxy.state-file']).toBe(`/var/lib/${values('StateDirectory')[0]}/budgets.json`);
});

test('it is not killed while answers are under way, nor before the use of budgets is saved', () => {
  const slowestDiskSeconds = 10;
  const [seconds = ''] = values('TimeoutStopSec');
  expect(Number(seconds)).toBeGreaterThan(options['proxy.drain-timeout'] + slowestDiskSeconds);
});

test('it may open a connection to an upstream for each one of a client', () => {
  const [files = ''] = values('LimitNOFILE');
  const all = 2 * options['proxy.max-connections'];
  expect(Number(files)).toBeGreaterThan(all + 1000);
});

test('it has nothing to look for in home folders', () => expect(values('ProtectHome')).toEqual(['yes']));

test('nothing that the proxy and Node.js need is taken from it', () => {
  // Node.js writes code into memory and runs it.
  expect(values('MemoryDenyWriteExecute')).toEqual([]);
  // Servers may be anywhere.
  for (const directive of ['PrivateNetwork', 'IPAddressDeny']) expect(values(directive)).toEqual([]);
  expect(values('RestrictAddressFamilies')[0]?.split(' ')).toEqual(expect.arrayContaining(['AF_INET', 'AF_INET6']));
});
