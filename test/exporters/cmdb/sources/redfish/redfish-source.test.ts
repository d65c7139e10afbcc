import { simulatedCluster } from '../../../../../cli/simulate/cluster.ts';
import { type BmcFault, entryAt } from '../../../../../cli/simulate/redfish/fake-bmc.ts';
import { simulatedBmcs } from '../../../../../cli/simulate/redfish/simulated-bmcs.ts';
import type { ObservedItem } from '../../../../../exporters/cmdb/observation.ts';
import {
  anySignal,
  bmcsOf,
  observe,
  password,
  type RedfishSetUp,
  startRedfish,
  user,
} from '../../../../support/redfish.ts';

/** The controllers are fakes: see cli/simulate/redfish/fake-redfish.ts. */
let setUp: RedfishSetUp | undefined;

afterEach(async () => {
  await setUp?.stop();
  setUp = undefined;
});

async function start(...args: Parameters<typeof startRedfish>): Promise<RedfishSetUp> {
  setUp = await startRedfish(...args);
  return setUp;
}

const names = ['dell', 'supermicro', 'dgx'] as const;

function ofScope(items: readonly ObservedItem[], name: string): readonly ObservedItem[] {
  return items.filter(({ scope }) => scope?.endsWith(`/bmc/${name}`));
}

function identitiesOf(items: readonly ObservedItem[], itemClass: string, kind: string): readonly string[] {
  return items
    .filter((item) => item.class === itemClass)
    .flatMap(({ identities }) => identities.filter((identity) => identity.kind === kind).map(({ value }) => value))
    .sort();
}

describe('whatever the maker', () => {
  test('the same machine gives the same items', async () => {
    const { source, fake } = await start(bmcsOf(names));
    const { items, problems, failedScopes, isComplete } = await observe(source);
    expect({ problems, failedScopes, isComplete }).toEqual({ problems: [], failedScopes: [], isComplete: true });
    const { machine } = fake.bmc('dell').settings;
    for (const name of names) {
      const own = ofScope(items, name);
      expect(identitiesOf(own, 'server', 'uuid')).toEqual([machine.uuid]);
      expect(identitiesOf(own, 'gpu', 'serial')).toEqual(machine.gpus.map(({ serial }) => `nvidia/${serial}`).sort());
      expect(identitiesOf(own, 'nic', 'mac')).toEqual(machine.nics.map(({ mac }) => mac).sort());
      expect(identitiesOf(own, 'disk', 'serial')).toEqual(
        machine.disks.map(({ serial }) => `kioxia/${serial.toLowerCase()}`).sort(),
      );
      expect(own.filter((item) => item.class === 'power_supply')).toHaveLength(machine.supplies.length);
      expect(identitiesOf(own, 'bmc', 'mac')).toEqual([machine.bmc.mac]);
    }
  });

  test('parts are installed on their server, and every relation leads to an item', async () => {
    const { source } = await start(bmcsOf(names));
    const { items } = await observe(source);
    const keys = new Set(items.map(({ key }) => key));
    expect(keys.size).toBe(items.length);
    for (const { class: itemClass, relations, scope } of items) {
      expect(relations.filter(({ to }) => !keys.has(to))).toEqual([]);
      if (itemClass === 'server' || itemClass === 'rack') continue;
      expect(relations).toEqual([{ type: 'installed_on', to: `${scope}/server` }]);
    }
  });

  test('what a server is stands in its attributes, and its power does not', async () => {
    const { source, fake } = await start(bmcsOf(['dgx']));
    const { items } = await observe(source);
    const server = items.find((item) => item.class === 'server');
    expect(server?.attributes).toEqual({
      vendor: 'NVIDIA',
      model: 'DGXH100',
      part_number: '965-24387-0002-003',
      serial: fake.bmc('dgx').settings.machine.serial,
      uuid: fake.bmc('dgx').settings.machine.uuid,
      asset_tag: `asset-${fake.bmc('dgx').settings.machine.serial}`,
      bios_version: '1.1.3',
      bmc_version: '24.01.05',
      memory_bytes: 2048 * 1024 ** 3,
      cpu_count: 224,
      gpu_count: 8,
      node: 'node-dgx',
    });
    const gpu = items.find((item) => item.class === 'gpu');
    expect(gpu?.attributes).toMatchObject({
      slot: 'GPU_SXM_1',
      vbios_version: '96.00.89.00.01',
      part_number: '2330-885-A1',
    });
    expect(gpu?.identities[0]).toEqual({
      kind: 'uuid',
      value: fake.bmc('dgx').settings.machine.gpus[0]?.uuid.toLowerCase(),
    });
  });

  test('Dell has the service tag first, and a serial number that nobody wrote is no identity', async () => {
    const { source, fake } = await start(bmcsOf(['dell', 'supermicro']));
    const { items } = await observe(source);
    const serial = fake.bmc('dell').settings.machine.serial.toLowerCase();
    expect(identitiesOf(ofScope(items, 'dell'), 'server', 'serial')).toEqual([
      `dell/cnfcp00${serial}`,
      `dell/${serial}`,
    ]);
    expect(identitiesOf(ofScope(items, 'supermicro'), 'server', 'serial')).toEqual([]);
  });

  test('the rack that somebody wrote into the controller is mentioned and never made', async () => {
    const { source } = await start(bmcsOf(['dell']));
    const { items } = await observe(source);
    const rack = items.find((item) => item.class === 'rack');
    expect(rack).toMatchObject({ isMention: true, identities: [{ kind: 'name', value: 'sim-rack-1' }] });
    expect(items.find((item) => item.class === 'server')?.relations).toEqual([{ type: 'located_in', to: rack?.key }]);
  });
});

describe('sessions and load', () => {
  test('one session for all requests, ended at the end, and one request at a time', async () => {
    const { source, fake } = await start(bmcsOf(names, { latencySeconds: 0.002 }));
    await Promise.all([
      observe(source),
      observe(source),
      ...names.map((name) => source.hardware.logEntries(`node-${name}`, anySignal)),
    ]);
    for (const name of names) {
      const { seen, sessions } = fake.bmc(name);
      expect(seen.requests).toBeGreaterThan(10);
      expect(seen.mostInFlight).toBe(1);
      expect(seen.sessionsMade).toBe(1);
      expect(sessions.size).toBe(1);
    }
    await source.stop();
    for (const name of names) expect(fake.bmc(name).sessions.size).toBe(0);
  });

  test('no more controllers at a time than allowed', async () => {
    const bmcs = simulatedBmcs(simulatedCluster(12), { seed: 1, gpus: 1, user, password });
    const { source, fake } = await start(
      bmcs.map((each) => ({ ...each, latencySeconds: 0.003 })),
      { config: { concurrency: 3 } },
    );
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, bmcs.filter(({ name }) => fake.bmc(name).seen.inFlight > 0).length);
    }, 1);
    const { items } = await observe(source);
    clearInterval(watch);
    expect(items.filter((item) => item.class === 'server')).toHaveLength(12);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
  });

  test('a session that the controller has forgotten is made anew', async () => {
    const { source, fake } = await start(bmcsOf(['dgx']));
    await observe(source);
    fake.bmc('dgx').sessions.clear();
    expect((await observe(source)).failedScopes).toEqual([]);
    expect(fake.bmc('dgx').seen.sessionsMade).toBe(2);
  });

  test('a controller that hangs does not keep the daemon from stopping', async () => {
    const { source, fake } = await start(bmcsOf(['dgx']), { config: { timeout: '60s' } });
    await observe(source);
    fake.bmc('dgx').faults.add('hang');
    const started = Date.now();
    await source.stop();
    expect(Date.now() - started).toBeLessThan(10_000);
  }, 20_000);

  test('without a free session user and password go with each request', async () => {
    const { source, fake } = await start(bmcsOf(['dgx']));
    fake.bmc('dgx').faults.add('full');
    expect((await observe(source)).problems).toEqual([]);
    expect(fake.bmc('dgx').sessions.size).toBe(0);
  });

  test('with auth: basic no session is made', async () => {
    const { source, fake } = await start(bmcsOf(['dell']), { config: { auth: 'basic' } });
    await observe(source);
    expect(fake.bmc('dell').seen.sessionsMade).toBe(0);
  });

  test('what has not changed is not sent again where the controller has ETags', async () => {
    const { source, fake } = await start(bmcsOf(['dgx', 'supermicro']));
    const first = await observe(source);
    const second = await observe(source);
    expect(second.items).toEqual(first.items);
    expect(fake.bmc('dgx').seen.notModified).toBeGreaterThan(3);
    expect(fake.bmc('supermicro').seen.notModified).toBe(0);
  });
});

describe('a controller that misbehaves costs itself alone', () => {
  const cases: readonly (readonly [BmcFault, string, RegExp])[] = [
    ['hang', 'timeout', /no answer within 1 s/],
    ['html', 'content', /a web page; is this a Redfish service/],
    ['unauthorized', 'credentials', /refuses the user and password of .*username and .*password.*tried again in 60 s/],
    ['unavailable', 'status', /answered with status 503/],
    ['torn', 'content', /no JSON/],
    ['redirect', 'status', /status 301|redirects to elsewhere\.example/],
    ['chatty', 'status', /answered with status 400: \*\*\* with \*\*\* may not read this/],
    ['huge', 'content', /larger than 4194304 bytes/],
  ];

  test.each(cases)('%s', async (fault, kind, reason) => {
    const { source, fake, logged } = await start(bmcsOf(['dgx', 'dell']), {
      config: { timeout: '1s' },
    });
    fake.bmc('dgx').faults.add(fault);
    const { items, failedScopes, problems, isComplete } = await observe(source);
    expect(isComplete).toBe(true);
    expect(failedScopes).toEqual([expect.stringMatching(/\/bmc\/dgx$/)]);
    expect(problems).toEqual([{ subject: failedScopes[0], reason: expect.stringMatching(reason) }]);
    expect(ofScope(items, 'dgx')).toEqual([]);
    expect(ofScope(items, 'dell').length).toBeGreaterThan(10);
    expect(Object.keys(source.hardware.status('node-dgx')?.failures ?? {})).toEqual([kind]);
    expect(logged() + JSON.stringify(problems)).not.toContain(password);
    fake.bmc('dgx').faults.clear();
    if (fault !== 'unauthorized') expect((await observe(source)).failedScopes).toEqual([]);
  });

  test('lists that lead back to themselves end', async () => {
    const { source, fake } = await start(bmcsOf(names));
    for (const name of names) fake.bmc(name).faults.add('cycle');
    const { items, problems } = await observe(source);
    expect(problems.some(({ reason }) => reason.includes('leads back to itself'))).toBe(true);
    for (const name of names) {
      expect(ofScope(items, name).filter((item) => item.class === 'gpu')).toHaveLength(8);
      expect(fake.bmc(name).seen.requests).toBeLessThan(150);
    }
  });

  test('links to elsewhere are told and not followed', async () => {
    const { source, fake } = await start(bmcsOf(['supermicro']));
    fake.bmc('supermicro').faults.add('escape');
    const seen = await observe(source).catch((error: unknown) => ({
      items: [],
      problems: [{ reason: String(error) }],
    }));
    expect(seen.problems.some(({ reason }) => /169\.254\.169\.254.*no path of its Redfish service/.test(reason))).toBe(
      true,
    );
    expect(fake.bmc('supermicro').seen.paths.filter((path) => !/ \/redfish\/v1/.test(path))).toEqual([]);
  });

  test('what cannot be is no identity, and is left out of the readings and told', async () => {
    const { source, fake } = await start(bmcsOf(['dell']), { config: { sensors_every: '5s' } });
    fake.bmc('dell').faults.add('lies');
    const { items } = await observe(source);
    const server = items.find((item) => item.class === 'server');
    expect(server?.identities.map(({ kind }) => kind)).toEqual(['bmc', 'hostname']);
    expect(items.filter((item) => item.class === 'gpu' || item.class === 'nic')).toEqual([]);
    source.startWatching();
    const { sensors } = await statusOnce(source, 'node-dell');
    expect(sensors?.temperatures).toEqual([]);
    expect(sensors?.powerWatts).toBeUndefined();
    expect(sensors?.problems.map(({ reason }) => reason)).toContain('6000 is no celsius that can be; it is left out');
  });

  test('a part of the inventory that cannot be read is not taken for gone', async () => {
    const { source, fake } = await start(bmcsOf(['dell']));
    fake.bmc('dell').faults.add('broken_part');
    const { items, failedScopes, problems } = await observe(source);
    expect(items.some((item) => item.class === 'server')).toBe(true);
    expect(failedScopes).toHaveLength(1);
    expect(problems.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining([expect.stringMatching(/Processors: answered with status 500/)]),
    );
  });

  test('if none can be read the look fails', async () => {
    const { source, fake } = await start(bmcsOf(['dell', 'dgx']));
    for (const name of ['dell', 'dgx']) fake.bmc(name).faults.add('unavailable');
    await expect(observe(source)).rejects.toThrow(/none of 2 management controllers could be read; the first: .*503/);
  });
});

async function statusOnce(source: RedfishSetUp['source'], node: string) {
  for (;;) {
    const status = source.hardware.status(node);
    if (status?.sensors !== undefined) return status;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('sensors', () => {
  test('a controller that fails loses its readings at once and gets them back by itself', async () => {
    const { source, fake } = await start(bmcsOf(['supermicro']), { config: { sensors_every: '5s', logs_every: 0 } });
    source.startWatching();
    const first = await statusOnce(source, 'node-supermicro');
    expect(first.sensors?.temperatures.map(({ sensor }) => sensor)).toEqual(['CPU1 Temp', 'Inlet Temp']);
    expect(first.sensors?.temperatures[1]?.criticalCelsius).toBeUndefined();
    fake.bmc('supermicro').faults.add('unavailable');
    for (let status = first; status.sensors !== undefined; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      status = source.hardware.status('node-supermicro') ?? first;
    }
    expect(source.hardware.status('node-supermicro')).toMatchObject({
      isUp: false,
      failure: expect.stringContaining('503'),
    });
    fake.bmc('supermicro').faults.clear();
    await statusOnce(source, 'node-supermicro');
    expect(source.hardware.status('node-supermicro')).toMatchObject({ isUp: true, failure: undefined });
  }, 30_000);
});

test('watching ends when it is told to', async () => {
  const { source, fake } = await start(bmcsOf(['dell']), { config: { sensors_every: '5s', logs_every: 0 } });
  const stopWatching = source.startWatching();
  await statusOnce(source, 'node-dell');
  stopWatching();
  const { requests } = fake.bmc('dell').seen;
  await new Promise((resolve) => setTimeout(resolve, 6000));
  expect(fake.bmc('dell').seen.requests).toBe(requests);
}, 20_000);

describe('logs', () => {
  const many = Array.from({ length: 500 }, (_, index) =>
    entryAt(index + 1, 1_794_000_000 + index * 60, index === 498 ? 'Critical' : 'OK', `entry ${index + 1}`),
  );

  test.each(names)('%s gives the newest entries, the newest first', async (name) => {
    const { source } = await start(bmcsOf([name], { entries: many }), {
      now: () => 1_795_000_000,
      clock: { now: () => 1_795_000_000, monotonic: () => 0 },
    });
    const entries = await source.hardware.logEntries(`node-${name}`, anySignal);
    expect(entries.length).toBeGreaterThanOrEqual(20);
    expect(entries.length).toBeLessThanOrEqual(200);
    expect(entries[0]).toMatchObject({ id: '500', createdAt: 1_794_000_000 + 499 * 60, message: 'entry 500' });
    expect(entries.find(({ severity }) => severity === 'critical')?.id).toBe('499');
  });

  test('a log that cannot be read says nothing of the sensors', async () => {
    const { source, fake } = await start(bmcsOf(['dgx']));
    fake.bmc('dgx').faults.add('broken_log');
    await observe(source);
    await expect(source.hardware.logEntries('node-dgx', anySignal)).rejects.toThrow(
      /LogServices: answered with status 500/,
    );
    expect(source.hardware.status('node-dgx')).toMatchObject({ isUp: true, failures: { status: 1 } });
  });

  test('a clock that was never set is not believed', async () => {
    const { source } = await start(bmcsOf(['dgx'], { entries: [entryAt(1, 100, 'Warning', 'x'.repeat(5000))] }));
    const [entry] = await source.hardware.logEntries('node-dgx', anySignal);
    expect(entry?.createdAt).toBeUndefined();
    expect(entry?.message.length).toBeLessThanOrEqual(500);
  });
});
