import { predictionOptions } from '../../exporters/prediction/options.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { systemdUnit } from './systemd-unit.ts';

const { values } = systemdUnit('prediction');

test('it starts with options that exist, and keeps what it learns in its folder', () => {
  const [, , , ...argv] = values('ExecStart')[0]?.split(' ') ?? [];
  const options = parseOptions(predictionOptions, {
    argv,
    env: {},
    readFile: () => 'prediction: {folder: /var/lib/fleetlens-prediction}',
  });
  expect(options['config.file']).toBe('/etc/fleetlens/prediction.yaml');
  expect(options['prediction.folder']).toBe(`/var/lib/${values('StateDirectory')[0]}`);
});

test('it may have the socket that locks its folder', () => {
  expect(values('RestrictAddressFamilies')[0]?.split(' ')).toContain('AF_UNIX');
});

test('nobody else reads what it knows', () => {
  expect(values('StateDirectoryMode')).toEqual(['0700']);
  expect([values('ProtectHome'), values('ProtectProc')]).toEqual([['yes'], ['invisible']]);
});
