import {
  externalIdentity,
  hostIdentities,
  identitiesOf,
  ipIdentity,
  macIdentity,
  nameIdentity,
  serialIdentity,
  uuidIdentity,
} from '../../../../exporters/cmdb/model/identity.ts';

test.each([
  ['1653922000001', 'NVIDIA', 'nvidia/1653922000001'],
  ['ABC 123', 'Dell Inc.', 'dell/abc 123'],
  ['abc', 'Dell', 'dell/abc'],
  ['ABC', undefined, 'abc'],
  ['S1', 'Super Micro Computer, Inc.', 'super/s1'],
])('serial %s of %s is %s', (serial, vendor, value) => {
  expect(serialIdentity(serial, vendor)).toEqual({ kind: 'serial', value });
});

test.each(['', '   ', 'N/A', 'Default string', 'To Be Filled By O.E.M.', '0', '0000000000', 'xxxx', 'None', undefined])(
  'serial %p tells nothing',
  (serial) => {
    expect(serialIdentity(serial, 'Dell')).toBeUndefined();
  },
);

test.each([
  ['AA-BB-CC-DD-EE-0F', 'aa:bb:cc:dd:ee:0f'],
  ['aabb.ccdd.ee0f', 'aa:bb:cc:dd:ee:0f'],
  ['aabbccddee0f', 'aa:bb:cc:dd:ee:0f'],
])('MAC %s is %s', (mac, value) => {
  expect(macIdentity(mac)).toEqual({ kind: 'mac', value });
});

test.each(['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', 'aa:bb', 'not a mac', undefined])(
  'MAC %p tells nothing',
  (mac) => {
    expect(macIdentity(mac)).toBeUndefined();
  },
);

test('a host name with a domain is found with and without it', () => {
  expect(hostIdentities('Node-1.DC.example.')).toEqual([
    { kind: 'fqdn', value: 'node-1.dc.example' },
    { kind: 'hostname', value: 'node-1' },
  ]);
  expect(hostIdentities('node-1')).toEqual([{ kind: 'hostname', value: 'node-1' }]);
  expect(hostIdentities('10.0.0.1')).toEqual([{ kind: 'ip', value: '10.0.0.1' }]);
  expect(hostIdentities('localhost.localdomain')).toEqual([]);
});

test('addresses that every machine has tell nothing', () => {
  expect(['127.0.0.1', '::1', 'fe80::1', '169.254.0.1', 'x'].map(ipIdentity)).toEqual(Array(5).fill(undefined));
  expect(ipIdentity('10.0.0.1/24')).toEqual({ kind: 'ip', value: '10.0.0.1' });
});

test('the UUIDs that firmware gives when nobody set one tell nothing', () => {
  expect(uuidIdentity('00000000-0000-0000-0000-000000000000')).toBeUndefined();
  expect(uuidIdentity('03000200-0400-0500-0006-000700080009')).toBeUndefined();
  expect(uuidIdentity('GPU-ABC')).toEqual({ kind: 'uuid', value: 'gpu-abc' });
});

test('names have their parents in front, and nothing has a name without one of them', () => {
  expect(nameIdentity('Rack 1', 'PDU  A')).toEqual({ kind: 'name', value: 'rack 1/pdu a' });
  expect(nameIdentity('rack-1', undefined)).toBeUndefined();
});

test('each identity is there once', () => {
  const mac = macIdentity('aa:bb:cc:dd:ee:0f');
  expect(identitiesOf(mac, undefined, [externalIdentity('netbox', 'dcim.device', 5)], mac)).toEqual([
    { kind: 'mac', value: 'aa:bb:cc:dd:ee:0f' },
    { kind: 'external', value: 'netbox:dcim.device:5' },
  ]);
});
