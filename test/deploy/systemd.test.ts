import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gpuOptions } from '../../exporters/gpu/options.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { codeBlocks } from './code-blocks.ts';
import { readDeployFile, root } from './manifests.ts';

const unit = readDeployFile('systemd/fleetlens-gpu.service');
const guide = readFileSync(join(root, 'docs/guides/gpu-exporter-install.md'), 'utf8');

/** Values of a directive in a section of the unit, in their order. */
function values(section: string, directive: string): readonly string[] {
  const [, body = ''] = unit.split(`[${section}]\n`);
  const [own = ''] = body.split(/^\[/m);
  return [...own.matchAll(/^(\w+)=(.*)$/gm)].flatMap(([, name, value = '']) => (name === directive ? [value] : []));
}

test('every line of the unit is a section, a directive with a value, a comment or blank', () => {
  const lines = unit.split('\n').filter((line) => !/^(\[(Unit|Service|Install)\]|[A-Z]\w+=\S.*|#.*|)$/.test(line));
  expect(lines).toEqual([]);
});

test('it starts the compiled exporter with options that exist, and with the file of the guide', () => {
  const [start = '', ...more] = values('Service', 'ExecStart');
  expect(more).toEqual([]);
  const [node, program, command, ...argv] = start.split(' ');
  expect([node, program, command]).toEqual(['/usr/bin/node', '/opt/fleetlens/dist/cli/main.js', 'gpu']);
  expect(existsSync(join(root, 'cli/main.ts'))).toBe(true);
  const file = codeBlocks(guide, 'yaml').find((block) => block.startsWith('web:\n')) ?? '';
  const options = parseOptions(gpuOptions, { argv, env: {}, readFile: () => file });
  expect(options['config.file']).toBe('/etc/fleetlens/gpu.yaml');
  expect(options['web.listen-address']).toEqual({ host: undefined, port: 9400 });
  expect(options['attribution.state-file']).toBe(`/var/lib/${values('Service', 'StateDirectory')[0]}/attribution.json`);
});

test('it reads its options again on SIGHUP, and does not try bad ones again', () => {
  expect(values('Service', 'ExecReload')).toEqual(['/bin/kill -HUP $MAINPID']);
  expect(values('Service', 'RestartPreventExitStatus')).toEqual(['2']);
});

test('it has one capability, which reading the kernel log needs, and no user of its own to make', () => {
  expect(values('Service', 'AmbientCapabilities')).toEqual(['CAP_SYSLOG']);
  expect(values('Service', 'CapabilityBoundingSet')).toEqual(['CAP_SYSLOG']);
  expect(values('Service', 'DynamicUser')).toEqual(['yes']);
  expect(values('Service', 'User')).toEqual([]);
});

test('it ends the exporter first and leaves it time to end the driver process', () => {
  expect(values('Service', 'KillMode')).toEqual(['mixed']);
  expect(Number(values('Service', 'TimeoutStopSec')[0])).toBeGreaterThanOrEqual(5);
});

test.each([
  'PrivateDevices',
  'MemoryDenyWriteExecute',
  'ProtectKernelLogs',
  'ProtectProc',
  'DevicePolicy',
  'PrivatePIDs',
])('it does not set %s, which would take GPUs, the kernel log, the processes of others or Node.js away', (directive) =>
  expect(values('Service', directive)).toEqual([]),
);

test('the guide shows the unit as it is', () => {
  expect(codeBlocks(guide, 'ini')).toEqual([unit]);
});
