import { readServiceDiscovery } from '../../../../exporters/cmdb/service-discovery/read-service-discovery.ts';

const read = (value: unknown) => readServiceDiscovery({ value, where: 'cmdb.yaml: service_discovery' });
const gpu = { name: 'gpu', class: 'server', match: { role: 'gpu' }, port: 9400 };

test('without a configuration there are lists for GPUs, training and nodes', () => {
  expect(read(undefined).lists.map(({ name, port }) => [name, port])).toEqual([
    ['gpu', 9400],
    ['training', 9410],
    ['node', 9100],
  ]);
});

test('a list of its own is added, or replaces the one of its name', () => {
  const { lists, maxShrink } = read({
    max_shrink: 0.2,
    lists: [
      gpu,
      { name: 'leaf', class: 'switch', match: { role: ['leaf', 'spine'] }, port: 9116, address: ['{ip}', 'fqdn'] },
    ],
  });
  expect(maxShrink).toBe(0.2);
  expect(lists.map(({ name }) => name)).toEqual(['training', 'node', 'gpu', 'leaf']);
  expect(lists.at(-1)).toMatchObject({ class: 'switch', address: ['ip', 'fqdn'], match: { role: ['leaf', 'spine'] } });
});

test.each([
  [{ max_shrink: 2 }, 'service_discovery.max_shrink must be a ratio from 0 to 1, such as 0.5, got 2'],
  [{ list: [] }, 'service_discovery has the unknown key list; it may have'],
  [{ lists: [gpu, gpu] }, 'lists[1].name: there are two lists gpu'],
  [{ lists: [{ ...gpu, class: 'sever' }] }, 'did you mean server?'],
  [{ lists: [{ ...gpu, port: 0 }] }, 'lists[0].port must be a whole number from 1 to 65535, got 0'],
  [{ lists: [{ ...gpu, name: '../etc/passwd' }] }, 'lists[0].name must be a name of lower-case letters'],
  [{ lists: [{ ...gpu, labels: { serial: '__address__' } }] }, 'lists[0].labels.serial must be the name of a label'],
  [{ lists: [{ ...gpu, labels: { serial: 'a', asset: 'a' } }] }, 'labels.asset must be a label that no other'],
  [{ lists: [{ ...gpu, match: { role: {} } }] }, 'match.role must be a text'],
  [{ lists: [{ ...gpu, states: [] }] }, 'lists[0].states must be a list of planned'],
  [{ lists: [{ ...gpu, address: 'http://{x}' }] }, 'lists[0].address must be an attribute such as'],
])('%j is refused', (value, message) => {
  expect(() => read(value)).toThrow(message);
});
