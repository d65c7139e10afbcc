import { bmcFaults } from '../../../../../cli/simulate/redfish/fake-bmc.ts';
import type { HardwareAction } from '../../../../../exporters/cmdb/hardware/hardware-control.ts';
import { anySignal, bmcsOf, password, type RedfishSetUp, startRedfish } from '../../../../support/redfish.ts';

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

const allowed = { config: { allow_actions: true, action_deadline: '10s' } };
const off: HardwareAction = { kind: 'power', action: 'force_off' };
const on: HardwareAction = { kind: 'power', action: 'on' };

async function run({ source }: RedfishSetUp, node: string, action: HardwareAction) {
  const { token } = await source.hardware.plan(node, action, anySignal);
  return source.hardware.execute(node, action, token, anySignal);
}

describe.each(['dell', 'supermicro', 'dgx'] as const)('%s', (name) => {
  const node = `node-${name}`;

  test('is switched off and on again, after a plan that changes nothing', async () => {
    const started = await start(bmcsOf([name]), allowed);
    const { plan } = await started.source.hardware.plan(node, off, anySignal);
    expect(plan).toEqual({
      node,
      bmc: expect.stringContaining(`/bmc/${name}`),
      action: off,
      request: {
        method: 'POST',
        path: expect.stringMatching(/^\/redfish\/v1\/Systems\/.*\/Actions\/ComputerSystem\.Reset$/),
        body: { ResetType: 'ForceOff' },
      },
      currentPowerState: 'on',
      warnings: ['What runs on the server ends at once; what it has not written is lost.'],
    });
    const bmc = started.fake.bmc(name);
    expect(bmc.seen.actions).toEqual([]);
    expect(await run(started, node, off)).toMatchObject({
      outcome: 'done',
      powerState: 'off',
      detail: 'the server is off',
    });
    expect(bmc.powerState()).toBe('Off');
    expect(await run(started, node, on)).toMatchObject({ outcome: 'done', powerState: 'on' });
    expect(bmc.seen.actions.map(({ body }) => body)).toEqual([{ ResetType: 'ForceOff' }, { ResetType: 'On' }]);
    expect(started.source.hardware.status(node)?.actions).toEqual([
      { action: 'force_off', outcome: 'done', count: 1 },
      { action: 'on', outcome: 'done', count: 1 },
    ]);
  }, 30_000);

  test('takes an image and gives it back', async () => {
    const started = await start(bmcsOf([name]), allowed);
    const insert: HardwareAction = {
      kind: 'insert_media',
      image: 'https://images.example/rescue.iso?signature=s3cr3t',
    };
    const { plan } = await started.source.hardware.plan(node, insert, anySignal);
    expect(plan.request.body).toEqual({
      Image: 'https://images.example/rescue.iso?…',
      Inserted: true,
      WriteProtected: true,
    });
    const result = await run(started, node, insert);
    expect(result.outcome).toBe('done');
    expect(JSON.stringify(result) + started.logged()).not.toContain('s3cr3t');
    expect(started.fake.bmc(name).seen.actions[0]?.body).toMatchObject({
      Image: insert.kind === 'insert_media' ? insert.image : '',
    });
    expect((await run(started, node, { kind: 'eject_media' })).outcome).toBe('done');
  }, 30_000);
});

test('a cycle is done when the server is back', async () => {
  const started = await start(bmcsOf(['dgx'], { transitionSeconds: 1 }), allowed);
  const result = await run(started, 'node-dgx', { kind: 'power', action: 'cycle' });
  expect(result).toMatchObject({ outcome: 'done', powerState: 'on' });
  expect(result.durationSeconds).toBeGreaterThan(2.5);
}, 30_000);

test('a kind of reset that the controller does not allow is refused before anything is sent', async () => {
  const { source, fake } = await start(bmcsOf(['supermicro']), allowed);
  const plan = source.hardware.plan('node-supermicro', { kind: 'power', action: 'cycle' }, anySignal);
  await expect(plan).rejects.toMatchObject({
    reason: 'invalid',
    message: expect.stringMatching(/allows On, ForceOff, .*, not PowerCycle/),
  });
  expect(fake.bmc('supermicro').seen.actions).toEqual([]);
});

describe('a confirmation', () => {
  test.each([
    [
      'of another action',
      async ({ source }: RedfishSetUp) => (await source.hardware.plan('node-dell', on, anySignal)).token,
    ],
    [
      'of another server',
      async ({ source }: RedfishSetUp) => (await source.hardware.plan('node-dgx', off, anySignal)).token,
    ],
    ['that was made up', async () => 'yes'],
  ])('%s is refused', async (_name, tokenOf) => {
    const started = await start(bmcsOf(['dell', 'dgx']), allowed);
    const token = await tokenOf(started);
    const result = started.source.hardware.execute('node-dell', off, token, anySignal);
    await expect(result).rejects.toMatchObject({ name: 'HardwareRefusal', reason: 'token' });
    expect(started.fake.bmc('dell').seen.actions).toEqual([]);
  });

  test('counts once', async () => {
    const started = await start(bmcsOf(['dell']), allowed);
    started.fake.bmc('dell').faults.add('stuck');
    const { source } = started;
    const { token } = await source.hardware.plan('node-dell', on, anySignal);
    expect((await source.hardware.execute('node-dell', on, token, anySignal)).outcome).toBe('done');
    await expect(source.hardware.execute('node-dell', on, token, anySignal)).rejects.toThrow(/was used already/);
    expect(started.fake.bmc('dell').seen.actions).toHaveLength(1);
  });

  test('is void after some minutes', async () => {
    let now = 1_795_000_000;
    const clock = { now: () => now, monotonic: () => now };
    const { source, fake } = await start(bmcsOf(['dell']), { ...allowed, clock });
    const { token, expiresAt } = await source.hardware.plan('node-dell', off, anySignal);
    now = expiresAt;
    await expect(source.hardware.execute('node-dell', off, token, anySignal)).rejects.toThrow(
      /has expired; ask for the plan again/,
    );
    expect(fake.bmc('dell').seen.actions).toEqual([]);
  });

  test('is void when the server is no longer as the plan said', async () => {
    const { source, fake } = await start(bmcsOf(['dell'], { transitionSeconds: 0 }), allowed);
    const { token } = await source.hardware.plan('node-dell', off, anySignal);
    fake.bmc('dell').reset('ForceOff');
    await expect(source.hardware.execute('node-dell', off, token, anySignal)).rejects.toThrow(/as it is now/);
    expect(fake.bmc('dell').seen.actions).toEqual([]);
  });

  test('does not help where the configuration allows no actions', async () => {
    const { source, fake } = await start(bmcsOf(['dell']));
    const { token } = await source.hardware.plan('node-dell', off, anySignal);
    await expect(source.hardware.execute('node-dell', off, token, anySignal)).rejects.toMatchObject({
      reason: 'forbidden',
      message: expect.stringContaining('allow_actions: true'),
    });
    expect(fake.bmc('dell').seen.actions).toEqual([]);
  });
});

test('a server that does not follow is told as such', async () => {
  const started = await start(bmcsOf(['dell']), { config: { allow_actions: true, action_deadline: '1s' } });
  started.fake.bmc('dell').faults.add('stuck');
  expect(Object.hasOwn(bmcFaults, 'stuck')).toBe(true);
  const result = await run(started, 'node-dell', off);
  expect(result).toMatchObject({ outcome: 'timeout', powerState: 'on' });
  expect(result.detail).toMatch(/accepted, but the power state off did not come within 1 s/);
});

test('a controller that dies meanwhile is a failure that names it, without the password', async () => {
  const started = await start(bmcsOf(['dell']), allowed);
  const { token } = await started.source.hardware.plan('node-dell', off, anySignal);
  started.fake.bmc('dell').faults.add('unauthorized');
  const result = started.source.hardware.execute('node-dell', off, token, anySignal);
  await expect(result).rejects.toThrow(/refuses the user and password/);
  await expect(result).rejects.not.toThrow(password);
});

test('one action at a time on a server', async () => {
  const { source, fake } = await start(bmcsOf(['dell'], { transitionSeconds: 0.5 }), allowed);
  const [first, second] = [
    await source.hardware.plan('node-dell', off, anySignal),
    await source.hardware.plan('node-dell', off, anySignal),
  ];
  const running = source.hardware.execute('node-dell', off, first.token, anySignal);
  await expect(source.hardware.execute('node-dell', off, second.token, anySignal)).rejects.toThrow(
    /another action on node-dell is under way/,
  );
  expect((await running).outcome).toBe('done');
  expect(fake.bmc('dell').seen.actions).toHaveLength(1);
}, 20_000);

test.each([
  ['file:///etc/passwd', /must begin with http:\/\/, https:\/\/ or nfs:\/\//],
  ['https://root:t0psecret@images.example/a.iso', /must not hold a user or password/],
  ['https://images.example/a b.iso', /must be an address/],
  ['', /must be an address/],
  [`https://images.example/${'a'.repeat(2000)}`, /must be an address/],
  ['//images.example/a.iso', /must be an address/],
])('the image %s is refused without repeating it', async (image, reason) => {
  const { source, fake } = await start(bmcsOf(['dell']), allowed);
  const plan = source.hardware.plan('node-dell', { kind: 'insert_media', image }, anySignal);
  await expect(plan).rejects.toThrow(reason);
  await expect(plan).rejects.not.toThrow('t0psecret');
  expect(fake.bmc('dell').seen.requests).toBe(0);
});

test('an unknown node and an unknown drive', async () => {
  const { source } = await start(bmcsOf(['dell']), allowed);
  await expect(source.hardware.plan('nobody', off, anySignal)).rejects.toMatchObject({ reason: 'unknown' });
  const plan = source.hardware.plan('node-dell', { kind: 'eject_media', media: 'Tape' }, anySignal);
  await expect(plan).rejects.toThrow(/has the virtual drives CD, RemovableDisk; choose one/);
});
