import { resourceUrl } from '../../../../../exporters/cmdb/sources/redfish/resource-path.ts';

const plain = new URL('https://bmc.example/');
const prefixed = new URL('http://127.0.0.1:9000/bmc/sim-1');

test.each([
  [plain, '/redfish/v1/Systems/1', 'https://bmc.example/redfish/v1/Systems/1'],
  [plain, '/redfish/v1/Systems/1#/Oem', 'https://bmc.example/redfish/v1/Systems/1'],
  [plain, '/redfish/v1/Logs?$skip=50', 'https://bmc.example/redfish/v1/Logs?$skip=50'],
  [prefixed, '/redfish/v1/', 'http://127.0.0.1:9000/bmc/sim-1/redfish/v1/'],
  [prefixed, '/bmc/sim-1/redfish/v1/Systems', 'http://127.0.0.1:9000/bmc/sim-1/redfish/v1/Systems'],
])('%s and %s', (root, path, url) => {
  expect(resourceUrl(root, path).href).toBe(url);
});

test.each([
  'https://elsewhere.example/redfish/v1',
  '//elsewhere.example/redfish/v1',
  '/redfish/../admin',
  '/redfish/%2e%2e/admin',
  '/redfish/v1/..\\..\\admin',
  '/redfishy/v1',
  '/admin',
  'redfish/v1',
  '',
  '/bmc/sim-2/redfish/v1',
  `/redfish/v1/${'a'.repeat(2000)}`,
  '/redfish/v1/a b',
])('%s is no path of the service', (path) => {
  for (const root of [plain, prefixed]) expect(() => resourceUrl(root, path)).toThrow(/no path of its Redfish service/);
});
