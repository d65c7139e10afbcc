import { predictionOptions } from '../../exporters/prediction/options.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { readDeployFile } from './manifests.ts';

const unit = readDeployFile('systemd/fleetlens-prediction.service');

/** Values of a directive in the unit, in their order. */
function values(directive: string): readonly string[] {
  return [...unit.matchAll(/^(\w+)=(.*)$/gm)].flatMap(([, name, value = '']) => (name === directive ? [value] : []));
}

test('every line of the unit is a section, a directive, a comment or blank', () => {
  const lines = unit.split('\n').filter((line) => !/^(\[(Unit|Service|Install)\]|[A-Z]\w+=.*|#.*|)$/.test(line));
  expect(lines).toEqual([]);
});

test('it starts the compiled daemon with options that exist', () => {
  const [start = '', ...more] = values('ExecStart');
  expect(more).toEqual([]);
  const [node, program, command, ...argv] = start.split(' ');
  expect([node, program, command]).toEqual(['/usr/bin/node', '/opt/fleetlens/dist/cli/main.js', 'prediction']);
  const options = parseOptions(predictionOptions, {
    argv,
    env: {},
    readFile: () => 'prediction: {folder: /var/lib/fleetlens-prediction}',
  });
  expect(options['config.file']).toBe('/etc/fleetlens/prediction.yaml');
  expect(options['prediction.folder']).toBe(`/var/lib/${values('StateDirectory')[0]}`);
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
  expect(values('StateDirectory')).toEqual(['fleetlens-prediction']);
});

test('it may have the socket that locks its folder, and the memory that Node.js compiles into', () => {
  expect(values('RestrictAddressFamilies')[0]?.split(' ')).toContain('AF_UNIX');
  expect(values('MemoryDenyWriteExecute')).toEqual([]);
});
