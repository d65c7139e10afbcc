import { createConfirmations } from '../../../../exporters/cmdb/hardware/confirmation.ts';
import {
  type HardwareAction,
  type HardwareControl,
  type HardwarePlan,
  HardwareRefusal,
} from '../../../../exporters/cmdb/hardware/hardware-control.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { type RunningApi, startApi } from '../../../support/cmdb-api.ts';

let api: RunningApi;
let executed: HardwareAction[];
let fails: Error | undefined;

/** Stands for the management controllers; the tokens are the real ones. */
function fakeHardware(): HardwareControl {
  const confirmations = createConfirmations({ validSeconds: 300 }, { now: () => 1000 });
  const planOf = (node: string, action: HardwareAction): HardwarePlan => ({
    node,
    bmc: '10.0.0.9',
    action,
    request: {
      method: 'POST',
      path: '/redfish/v1/Systems/1/Actions/ComputerSystem.Reset',
      body: { ResetType: 'PowerCycle' },
    },
    currentPowerState: 'on',
    warnings: [],
  });
  const subject = (node: string, action: HardwareAction): string => JSON.stringify([node, action]);
  return {
    nodes: () => ['Node-7'],
    statuses: () => [],
    status: () => undefined,
    plan: async (node, action) => ({ plan: planOf(node, action), ...confirmations.issue(subject(node, action)) }),
    execute: async (node, action, token) => {
      const verdict = confirmations.redeem(token, subject(node, action));
      if (verdict !== 'valid') throw new HardwareRefusal('token', `the token is ${verdict}`);
      if (fails !== undefined) throw fails;
      executed.push(action);
      return { plan: planOf(node, action), outcome: 'done', detail: '', powerState: 'on', durationSeconds: 3 };
    },
    logEntries: async () => [],
  };
}

beforeAll(async () => {
  api = await startApi({ services: { hardware: fakeHardware() } });
});
afterAll(() => api.stop());
beforeEach(() => {
  executed = [];
  fails = undefined;
});

const power = (id: number, body: object) => api.ask(`/api/v1/hardware/${id}/power`, { method: 'POST', body });
const messages = async (id: number): Promise<readonly string[]> =>
  (await api.ask(`/api/v1/items/${id}/history`)).json.changes.map(({ message }: { message: string }) => message);

test('it takes two steps, and both are in the history with who wanted it', async () => {
  const id = await api.create({ class: 'server', name: 'node-7' });
  const plan = await power(id, { action: 'cycle' });
  expect(plan.json).toMatchObject({
    plan: { node: 'Node-7', currentPowerState: 'on' },
    expires_at: '1970-01-01T00:21:40.000Z',
  });
  expect([executed, await messages(id)]).toEqual([[], ['']]);
  const done = await power(id, { action: 'cycle', token: plan.json.token });
  expect([done.status, done.json.outcome]).toEqual([200, 'done']);
  expect(executed).toEqual([{ kind: 'power', action: 'cycle' }]);
  const { json } = await api.ask(`/api/v1/items/${id}/history`);
  expect(json.changes.slice(0, 2)).toMatchObject([
    { message: 'power cycle: done', actor: 'local', action: 'updated' },
    { message: 'power cycle: asked for', actor: 'local' },
  ]);
  // The item itself is as it was.
  expect((await api.ask(`/api/v1/items/${id}`)).json.version).toBe(1);
});

test('a token confirms one thing, once', async () => {
  const { id } = (await api.ask('/api/v1/lookup?node=node-7')).json;
  const { token } = (await power(id, { action: 'on' })).json;
  const other = await power(id, { action: 'force_off', token });
  expect([other.status, other.json.error.message]).toEqual([409, 'the token is foreign']);
  expect((await power(id, { action: 'on', token })).status).toBe(200);
  expect((await power(id, { action: 'on', token })).json.error.message).toBe('the token is used');
  expect(executed).toHaveLength(1);
});

test('what could not be done is in the history, too', async () => {
  const { id } = (await api.ask('/api/v1/lookup?node=node-7')).json;
  const { token } = (await power(id, { action: 'restart' })).json;
  fails = new SourceError('10.0.0.9: no answer within 10 s');
  const failed = await power(id, { action: 'restart', token });
  expect([failed.status, failed.json.error.code]).toEqual([503, 'unavailable']);
  expect((await messages(id))[0]).toBe('power restart: not done, 10.0.0.9: no answer within 10 s');
});

test('virtual media, and what makes no sense', async () => {
  const { id } = (await api.ask('/api/v1/lookup?node=node-7')).json;
  const media = (body: object) => api.ask(`/api/v1/hardware/${id}/virtual-media`, { method: 'POST', body });
  const plan = await media({ action: 'insert', image: 'https://images.example/a.iso' });
  expect(plan.json.plan.action).toEqual({ kind: 'insert_media', image: 'https://images.example/a.iso' });
  expect(
    (await media({ action: 'insert', image: 'https://images.example/a.iso', token: plan.json.token })).status,
  ).toBe(200);
  expect((await media({ action: 'insert' })).json.error.field).toBe('image');
  expect((await power(id, { action: 'explode' })).json.error).toMatchObject({
    field: 'action',
    message: expect.stringContaining('force_off'),
  });
  const rack = await api.create({ class: 'rack', name: 'no-controller' });
  expect((await power(rack, { action: 'on' })).status).toBe(404);
  expect((await power(999_999, { action: 'on' })).status).toBe(404);
});
