import { systemdUnit } from './systemd-unit.ts';

/** What no daemon needs. */
const confinement = [
  ['PrivateDevices', 'yes'],
  ['ProtectClock', 'yes'],
  ['ProtectControlGroups', 'yes'],
  ['ProtectHostname', 'yes'],
  ['ProtectKernelLogs', 'yes'],
  ['ProtectKernelModules', 'yes'],
  ['ProtectKernelTunables', 'yes'],
  ['LockPersonality', 'yes'],
  ['RestrictNamespaces', 'yes'],
  ['RestrictRealtime', 'yes'],
  ['RestrictSUIDSGID', 'yes'],
  ['SystemCallArchitectures', 'native'],
  ['SystemCallFilter', '@system-service'],
  ['SystemCallErrorNumber', 'EPERM'],
  ['UMask', '0077'],
] as const;

/** Those that need nothing but their own folder; `fleetlens gpu` needs the driver and has tests of its own. */
const daemons = ['training', 'inference', 'cmdb', 'billing', 'prediction', 'bridge'];

describe.each(daemons)('fleetlens-%s.service', (daemon) => {
  const { text, values } = systemdUnit(daemon);

  test('every line is a section, a directive, a comment or blank', () => {
    const lines = text.split('\n').filter((line) => !/^(\[(Unit|Service|Install)\]|[A-Z]\w+=.*|#.*|)$/.test(line));
    expect(lines).toEqual([]);
  });

  test('starts the compiled daemon', () => {
    const [start = '', ...more] = values('ExecStart');
    expect(more).toEqual([]);
    expect(start.split(' ').slice(0, 3)).toEqual(['/usr/bin/node', '/opt/fleetlens/dist/cli/main.js', daemon]);
  });

  test('reads its options again on SIGHUP, and does not try bad ones again', () => {
    expect(values('ExecReload')).toEqual(['/bin/kill -HUP $MAINPID']);
    expect(values('RestartPreventExitStatus')).toEqual(['2']);
  });

  test('has no capability, no user of its own to make, and one folder to write', () => {
    expect(values('CapabilityBoundingSet')).toEqual(['']);
    expect(values('AmbientCapabilities')).toEqual([]);
    expect(values('NoNewPrivileges')).toEqual(['yes']);
    expect(values('DynamicUser')).toEqual(['yes']);
    expect(values('ProtectSystem')).toEqual(['strict']);
    expect(values('ReadWritePaths')).toEqual([]);
    expect(values('StateDirectory')).toEqual([`fleetlens-${daemon}`]);
  });

  test('is started again when it fails', () => {
    expect(values('Restart')).toEqual(['on-failure']);
    expect(values('RestartSec')).toEqual(['5']);
  });

  test.each(confinement)('has %s=%s', (directive, value) => {
    expect(values(directive)).toEqual([value]);
  });

  test('may have the memory that Node.js compiles into', () => {
    expect(values('MemoryDenyWriteExecute')).toEqual([]);
  });
});
