import { billingOptions } from '../../exporters/billing/options.ts';
import { cmdbOptions } from '../../exporters/cmdb/options.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { systemdUnit } from './systemd-unit.ts';

describe.each([
  ['cmdb', cmdbOptions],
  ['billing', billingOptions],
] as const)('fleetlens-%s.service', (daemon, table) => {
  const { values } = systemdUnit(daemon);

  test('has options that exist, and its database in its folder', () => {
    const [, , , ...argv] = values('ExecStart')[0]?.split(' ') ?? [];
    const readFile = () => `store: {folder: /var/lib/fleetlens-${daemon}}`;
    const options = parseOptions(table as typeof cmdbOptions, { argv, env: {}, readFile });
    expect(options['config.file']).toBe(`/etc/fleetlens/${daemon}.yaml`);
    expect(options['store.folder']).toBe(`/var/lib/${values('StateDirectory')[0]}`);
  });

  test('may have the socket that locks its folder', () => {
    expect(values('RestrictAddressFamilies')[0]?.split(' ')).toContain('AF_UNIX');
  });
});
