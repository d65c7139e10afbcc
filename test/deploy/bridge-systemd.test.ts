import { bridgeOptions } from '../../alertmanager/bridge/options.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { systemdUnit } from './systemd-unit.ts';

const { values } = systemdUnit('bridge');

test('it starts with options that exist, and with a token that only root reads', () => {
  const [, , , ...argv] = values('ExecStart')[0]?.split(' ') ?? [];
  const options = parseOptions(bridgeOptions, { argv, env: {}, readFile: () => '' });
  expect(options['bridge.file']).toBe('/etc/fleetlens/bridge.yaml');
  const [credential = ''] = values('LoadCredential')[0]?.split(':') ?? [];
  expect(options['notify.token-file']).toBe(`/run/credentials/fleetlens-bridge.service/${credential}`);
});

test('nobody else reads what was refused', () => {
  expect(values('StateDirectoryMode')).toEqual(['0700']);
  expect([values('ProtectHome'), values('ProtectProc')]).toEqual([['yes'], ['invisible']]);
});

test('what is being sent ends', () => {
  expect(Number(values('TimeoutStopSec')[0])).toBeGreaterThanOrEqual(60);
});
