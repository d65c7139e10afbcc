import { readRedfishConfig } from '../../../../../exporters/cmdb/sources/redfish/redfish-config.ts';

const files: Readonly<Record<string, string>> = {
  '/run/bmc/username': 'reader\n',
  '/run/bmc/password': 'secret-1\n',
  '/run/other/password': 'secret-2',
  '/etc/ca.pem': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  '/etc/empty': '',
  '/etc/targets': [
    '# rack 1',
    'bmc-[01-03].mgmt gpu-[01-03]',
    `https://10.0.0.9:8443/bmc/x gpu-9 ${'ab'.repeat(32)}  # pinned`,
    '',
  ].join('\n'),
  '/etc/bad-targets': 'bmc-1\nbmc-2 a b\n',
};

function readFile(path: string): string {
  const text = files[path];
  if (text === undefined) throw new Error('no such file');
  return text;
}

function read(values: Readonly<Record<string, unknown>>) {
  const all: Readonly<Record<string, unknown>> = { credentials_dir: '/run/bmc', ...values };
  return readRedfishConfig((key) => ({ value: all[key], where: `cmdb.yaml: sources[2].${key}` }), { readFile });
}

test('hosts, addresses and ranges, with the defaults of the source', () => {
  const { targets, ...settings } = read({
    bmcs: [
      '10.0.0.5',
      { host: 'bmc-[08-10].example', node: 'gpu-[8-10]' },
      { url: 'https://gw.example/bmc/7/', auth: 'basic' },
    ],
    auth: 'session',
  });
  expect(targets.map(({ url, name, node, host, auth }) => [url.href, name, node, host, auth])).toEqual([
    ['https://10.0.0.5/', '10.0.0.5', undefined, '10.0.0.5', 'session'],
    ['https://bmc-08.example/', 'bmc-08.example', 'gpu-8', 'bmc-08.example', 'session'],
    ['https://bmc-09.example/', 'bmc-09.example', 'gpu-9', 'bmc-09.example', 'session'],
    ['https://bmc-10.example/', 'bmc-10.example', 'gpu-10', 'bmc-10.example', 'session'],
    ['https://gw.example/bmc/7/', 'gw.example/bmc/7', undefined, 'gw.example', 'basic'],
  ]);
  expect(targets[0]).toMatchObject({ userFile: '/run/bmc/username', passwordFile: '/run/bmc/password', trust: {} });
  expect(settings).toEqual({
    concurrency: 32,
    timeoutSeconds: 20,
    deadlineSeconds: 180,
    sensorsEverySeconds: 60,
    logsEverySeconds: 300,
    maxSensors: 200,
    allowActions: false,
    actionDeadlineSeconds: 300,
  });
});

test('a file of targets', () => {
  const { targets } = read({ targets_file: '/etc/targets', ca_file: '/etc/ca.pem' });
  expect(targets.map(({ name, node }) => [name, node])).toEqual([
    ['bmc-01.mgmt', 'gpu-01'],
    ['bmc-02.mgmt', 'gpu-02'],
    ['bmc-03.mgmt', 'gpu-03'],
    ['10.0.0.9:8443/bmc/x', 'gpu-9'],
  ]);
  expect(targets[0]?.trust).toEqual({ ca: files['/etc/ca.pem'] });
  expect(targets[3]?.trust).toEqual({ fingerprint: 'ab'.repeat(32) });
});

test('an own password beside the shared user', () => {
  const { targets } = read({
    credentials_dir: undefined,
    user_file: '/run/bmc/username',
    password_file: '/run/bmc/password',
    bmcs: ['a', { host: 'b', password_file: '/run/other/password' }],
  });
  expect(targets.map(({ userFile, passwordFile }) => [userFile, passwordFile])).toEqual([
    ['/run/bmc/username', '/run/bmc/password'],
    ['/run/bmc/username', '/run/other/password'],
  ]);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['nothing', {}, /sources\[2\]\.bmcs must name at least one management controller/],
  ['both', { bmcs: [{ host: 'a', url: 'https://a' }] }, /bmcs\[0\] must have either host or url/],
  [
    'unknown key',
    { bmcs: [{ host: 'a', pasword_file: 'x' }] },
    /bmcs\[0\] has the unknown key pasword_file.*did you mean password_file/,
  ],
  ['twice', { bmcs: ['a', 'a'] }, /bmcs has a twice/],
  [
    'node twice',
    {
      bmcs: [
        { host: 'a', node: 'n' },
        { host: 'b', node: 'n' },
      ],
    },
    /bmcs has the node n twice/,
  ],
  ['range', { bmcs: ['bmc-[9-1]'] }, /has the range \[9-1\]; it must go up/],
  ['ranges', { bmcs: [{ host: 'bmc-[1-3]', node: 'gpu-[1-2]' }] }, /node stands for 2 names and the address for 3/],
  ['no host', { bmcs: ['a b'] }, /must be a host such as 10\.0\.0\.5/],
  [
    'plain http',
    { bmcs: [{ url: 'http://10.0.0.5' }] },
    /the password goes unencrypted; use https:\/\/, or set insecure: true/,
  ],
  ['user in url', { bmcs: [{ url: 'https://root:hunter2@10.0.0.5' }] }, /bmcs\[0\] must not hold a user or password/],
  [
    'no credentials',
    { bmcs: ['a'], credentials_dir: undefined },
    /needs user_file and password_file, or credentials_dir/,
  ],
  ['missing file', { bmcs: ['a'], credentials_dir: '/nowhere' }, /\/nowhere\/username cannot be read: no such file/],
  [
    'empty secret',
    { bmcs: [{ host: 'a', user_file: '/etc/empty', password_file: '/etc/empty' }] },
    /\/etc\/empty must hold one line/,
  ],
  ['two ways', { bmcs: ['a'], user_file: '/run/bmc/username' }, /credentials_dir cannot be set beside user_file/],
  ['two trusts', { bmcs: ['a'], ca_file: '/etc/ca.pem', insecure: true }, /exclude each other/],
  ['no certificate', { bmcs: ['a'], ca_file: '/run/bmc/username' }, /must hold certificates in PEM form/],
  ['fingerprint', { bmcs: ['a'], fingerprint: 'abc' }, /fingerprint must be a SHA-256 in hexadecimal/],
  [
    'targets',
    { targets_file: '/etc/bad-targets' },
    /\/etc\/bad-targets:2 must have a host or address, then at most a node and a SHA-256/,
  ],
  ['interval', { bmcs: ['a'], sensors_every: '1s' }, /sensors_every must be a duration from 5s to 86400s/],
  ['concurrency', { bmcs: ['a'], concurrency: 0.5 }, /concurrency must be a whole number from 1 to 500/],
  ['insecure', { bmcs: ['a'], insecure: 'yes' }, /insecure must be true or false/],
  ['list', { bmcs: 'a' }, /bmcs must be a list/],
])('%s: refused with the place and the remedy', (_name, values, reason) => {
  expect(() => read(values)).toThrow(reason);
  try {
    read(values);
  } catch (error) {
    expect(String(error)).not.toMatch(/hunter2|secret-1/);
  }
});
