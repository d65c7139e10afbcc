import { systemdUnit } from './systemd-unit.ts';

/** Those that need nothing but their own folder; `fleetlens gpu` needs the driver and has tests of its own. */
describe.each(['training', 'inference', 'cmdb', 'billing'])('fleetlens-%s.service', (daemon) => {
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

  test('may have the memory that Node.js compiles into', () => {
    expect(values('MemoryDenyWriteExecute')).toEqual([]);
  });
});
