import fc from 'fast-check';
import { flavours } from '../../../../../cli/simulate/redfish/flavours/index.ts';
import { simulatedMachine } from '../../../../../cli/simulate/redfish/simulated-bmcs.ts';
import { BmcError } from '../../../../../exporters/cmdb/sources/redfish/bmc-error.ts';
import type { BmcTarget } from '../../../../../exporters/cmdb/sources/redfish/bmc-target.ts';
import { abilitiesOf, readLayout } from '../../../../../exporters/cmdb/sources/redfish/controller-layout.ts';
import { createLook } from '../../../../../exporters/cmdb/sources/redfish/look.ts';
import { observeController } from '../../../../../exporters/cmdb/sources/redfish/observe-controller.ts';
import { readInventory } from '../../../../../exporters/cmdb/sources/redfish/read-inventory.ts';
import { readLogs } from '../../../../../exporters/cmdb/sources/redfish/read-logs.ts';
import { readSensors } from '../../../../../exporters/cmdb/sources/redfish/read-sensors.ts';
import type { Resource } from '../../../../../exporters/cmdb/sources/redfish/resource.ts';
import { systemClock } from '../../../../../kit/clock.ts';

const machine = simulatedMachine({ seed: 1, node: 1, gpus: 2 }, 'sim-2', 'rack-1');
const target: BmcTarget = {
  url: new URL('https://bmc.example/'),
  name: 'bmc.example',
  host: 'bmc.example',
  node: undefined,
  userFile: '',
  passwordFile: '',
  auth: 'basic',
  trust: {},
};
const root: Resource = {
  Systems: { '@odata.id': '/redfish/v1/Systems' },
  Chassis: { '@odata.id': '/redfish/v1/Chassis' },
  Managers: { '@odata.id': '/redfish/v1/Managers' },
  UpdateService: { '@odata.id': '/redfish/v1/UpdateService' },
};

/** Every resource of a fake controller, in which some values are replaced by anything. */
function hostileClient(
  flavour: keyof typeof flavours,
  replace: (path: string, key: string, value: unknown) => unknown,
) {
  const tree = flavours[flavour].resources(machine, {
    powerState: () => 'On',
    wobble: (_key, middle) => middle,
    media: () => ({ image: undefined }),
    entries: () => [],
    faults: new Set(),
  });
  const get = async (path: string): Promise<Resource> => {
    const entry = tree.get(path.replace(/\?.*$/, ''));
    const resource = typeof entry === 'function' ? entry() : entry;
    if (resource === undefined) throw new BmcError('status', `${path}: answered with status 404`, { status: 404 });
    return JSON.parse(
      JSON.stringify(resource),
      (
        key,
        value, // The client has refused what is no object.
      ) => (key === '' ? value : replace(path, key, value)),
    );
  };
  return { get, getKept: get };
}

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    null,
    -1,
    1e308,
    '',
    '\u0000<b>',
    'x'.repeat(5000),
    [],
    {},
    [null],
    [[]],
    { '@odata.id': 7 },
    true,
  ),
  fc.constantFrom('/redfish/v1/Systems', '/redfish/v1/Chassis'),
);

test.each(['dell', 'supermicro', 'dgx'] as const)(
  'whatever stands in the resources of %s, it is read or refused in words',
  async (flavour) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anything, { minLength: 5, maxLength: 5 }),
        fc.integer({ min: 3, max: 60 }),
        async (values, step) => {
          let turn = 0;
          const client = hostileClient(flavour, (_path, _key, value) =>
            turn++ % step === 0 ? values[turn % values.length] : value,
          );
          const { signal } = new AbortController();
          const look = createLook({ client, name: target.name, signal, isKept: false, canExpand: false });
          try {
            const layout = await readLayout(look, root, target.name);
            const items = observeController(target, await readInventory(look, layout));
            expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
            for (const { identities, attributes } of items) {
              expect(identities.length).toBeGreaterThan(0);
              for (const each of Object.values(attributes)) expect(String(each).length).toBeLessThanOrEqual(304);
            }
            const reading = await readSensors(look, layout, systemClock);
            for (const { celsius } of reading.temperatures) expect(Math.abs(celsius)).toBeLessThanOrEqual(200);
            await readLogs(look, layout, abilitiesOf(root), systemClock);
          } catch (error) {
            expect(error).toBeInstanceOf(BmcError);
          }
        },
      ),
      { numRuns: 150 },
    );
  },
);
