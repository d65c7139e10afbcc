import fc from 'fast-check';
import { mergeClaims } from '../../../../exporters/cmdb/inventory/merge-claims.ts';
import type { Precedence } from '../../../../exporters/cmdb/inventory/precedence.ts';
import { claim, identitiesFrom } from '../../../support/cmdb-observed.ts';

const precedence: Precedence = { order: ['netbox', 'redfish', 'prometheus'], ofAttribute: new Map() };

test('each attribute comes from the surest source that has it, and says so', () => {
  const merged = mergeClaims(
    'server',
    [
      claim('prometheus', { name: 'node-1', attributes: { kernel: '6.8', model: 'from prometheus' } }),
      claim('netbox', { attributes: { model: 'XE9680' }, state: 'planned' }),
    ],
    precedence,
  );
  expect(merged).toMatchObject({
    name: 'node-1',
    state: 'planned',
    attributes: { kernel: '6.8', model: 'XE9680' },
    origins: { name: 'prometheus', state: 'netbox', kernel: 'prometheus', model: 'netbox' },
  });
});

test('what people enter beats everything', () => {
  const merged = mergeClaims(
    'server',
    [claim('netbox', { attributes: { role: 'gpu' } }), claim('manual', { attributes: { role: 'storage' } })],
    precedence,
  );
  expect(merged.attributes).toEqual({ role: 'storage' });
});

test('a source that no longer sees the item comes after those that do', () => {
  const merged = mergeClaims(
    'server',
    [
      claim('netbox', { attributes: { kernel: 'old' }, missingSince: 5 }),
      claim('prometheus', { attributes: { kernel: 'new' } }),
    ],
    precedence,
  );
  expect(merged.attributes).toEqual({ kernel: 'new' });
});

test('single attributes may have an order of their own', () => {
  const claims = [
    claim('netbox', { attributes: { driver_version: '1', model: 'a' } }),
    claim('prometheus', { attributes: { driver_version: '2', model: 'b' } }),
  ];
  const ofAttribute = new Map([['driver_version', ['prometheus', 'netbox']]]);
  expect(mergeClaims('server', claims, { ...precedence, ofAttribute }).attributes).toEqual({
    driver_version: '2',
    model: 'a',
  });
});

test('a place comes from one source, other relations from all of them', () => {
  const merged = mergeClaims(
    'server',
    [
      claim('netbox', {
        relations: [
          { type: 'located_in', to: 10 },
          { type: 'powered_by', to: 20 },
        ],
      }),
      claim('redfish', {
        relations: [
          { type: 'located_in', to: 11 },
          { type: 'powered_by', to: 21 },
        ],
      }),
    ],
    precedence,
  );
  expect(merged.relations.map(({ type, to, source }) => [type, to, source])).toEqual([
    ['located_in', 10, 'netbox'],
    ['powered_by', 20, 'netbox'],
    ['powered_by', 21, 'redfish'],
  ]);
  expect(merged.conflicts).toEqual([{ about: 'located_in', said: { netbox: 10, redfish: 11 } }]);
});

test('a GPU is in one server only', () => {
  const merged = mergeClaims(
    'gpu',
    [
      claim('prometheus', {
        relations: [
          { type: 'installed_on', to: 1 },
          { type: 'installed_on', to: 2 },
        ],
      }),
    ],
    precedence,
  );
  expect(merged.relations.map(({ to }) => to)).toEqual([1]);
});

test('sources that disagree about a serial are a conflict; about a kernel they are not', () => {
  const merged = mergeClaims(
    'server',
    [
      claim('netbox', { attributes: { serial: 'A', kernel: '1' } }),
      claim('redfish', { attributes: { serial: 'B', kernel: '2' } }),
    ],
    precedence,
  );
  expect(merged.conflicts).toEqual([{ about: 'serial', said: { netbox: 'A', redfish: 'B' } }]);
});

test('the same serial in other letters is no conflict', () => {
  const claims = [
    claim('netbox', { attributes: { serial: 'ab1 ' } }),
    claim('redfish', { attributes: { serial: 'AB1' } }),
  ];
  expect(mergeClaims('server', claims, precedence).conflicts).toEqual([]);
});

test('an application that nobody sees any more is retired, and runs nowhere; a server stays what it was', () => {
  const gone = { missingSince: 9, relations: [{ type: 'runs_on' as const, to: 3 }] };
  expect(mergeClaims('application', [claim('kubernetes', gone)], precedence)).toMatchObject({
    state: 'retired',
    relations: [],
  });
  expect(
    mergeClaims('application', [claim('kubernetes', gone), claim('manual', { state: 'planned' })], precedence).state,
  ).toBe('planned');
  const server = { missingSince: 9, relations: [{ type: 'located_in' as const, to: 3 }] };
  expect(mergeClaims('server', [claim('prometheus', server)], precedence)).toMatchObject({
    state: 'in_service',
    relations: [{ type: 'located_in', to: 3 }],
  });
});

test('without a name it is called by its surest identity', () => {
  const claims = [claim('prometheus', { identities: identitiesFrom({ uuid: 'gpu-1', serial: 's' }) })];
  expect(mergeClaims('gpu', claims, precedence).name).toBe('gpu-1');
});

test('the order in which claims come does not matter', () => {
  const text = fc.constantFrom('a', 'b', 'c');
  const someClaim = fc.record({
    source: fc.constantFrom('manual', 'netbox', 'redfish', 'prometheus', 'unlisted'),
    attributes: fc.dictionary(fc.constantFrom('serial', 'kernel', 'model'), text),
    relations: fc.array(
      fc.record({
        type: fc.constantFrom('located_in' as const, 'powered_by' as const),
        to: fc.integer({ min: 1, max: 4 }),
      }),
    ),
    missingSince: fc.option(fc.constant(7), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(someClaim, { selector: ({ source }) => source }), (given) => {
      const claims = given.map(({ source, ...more }) => claim(source, more));
      expect(mergeClaims('server', [...claims].reverse(), precedence)).toEqual(
        mergeClaims('server', claims, precedence),
      );
    }),
  );
});
