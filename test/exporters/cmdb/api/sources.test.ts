import { SourceError } from '../../../../kit/errors.ts';
import { type RunningApi, startApi } from '../../../support/cmdb-api.ts';
import { observed } from '../../../support/cmdb-observed.ts';

let api: RunningApi;
let seen: number;
let asked: { readonly actor: string; readonly allowMissing: boolean }[];

beforeAll(async () => {
  seen = 30;
  asked = [];
  api = await startApi({
    services: {
      sources: {
        list: () => [
          { name: 'dcim', type: 'test', everySeconds: 300 },
          { name: 'dead', type: 'test', everySeconds: 60 },
        ],
        look: async (name, { isDryRun, allowMissing, actor }) => {
          asked.push({ actor, allowMissing });
          if (name === 'dead') throw new SourceError('dead: cannot be reached');
          if (name !== 'dcim') return undefined;
          const items = Array.from({ length: seen }, (_, index) =>
            observed('rack', `rack-${index}`, { name: `rack-${index}` }),
          );
          const maxMissingRatio = allowMissing ? Number.POSITIVE_INFINITY : 0.2;
          return api.look(items, { source: 'dcim', isDryRun, maxMissingRatio, actor });
        },
      },
    },
  });
});
afterAll(() => api.stop());

const post = (path: string) => api.ask(`/api/v1/sources/${path}`, { method: 'POST' });

test('a plan tells what a look would change, and the look changes it', async () => {
  const plan = await post('dcim/plan');
  expect(plan.json).toMatchObject({ dry_run: true, refusal: null, counts: { created: 30 } });
  expect(await api.count('item')).toBe(0);
  const look = await post('dcim/look');
  expect(look.json).toMatchObject({ dry_run: false, counts: { created: 30, updated: 0 } });
  expect(asked.at(-1)).toEqual({ actor: 'local', allowMissing: false });
  const { json } = await api.ask('/api/v1/changes?source=dcim&limit=1');
  expect(json.changes[0]).toMatchObject({ actor: 'local', source: 'dcim' });
});

test('a look that loses most of the fleet is refused with its plan, and taken when that is right', async () => {
  seen = 2;
  const refused = await post('dcim/look');
  expect([refused.status, refused.json.plan.counts.missing]).toEqual([409, 28]);
  expect(refused.json.error.message).toMatch(/2 of the 30 items .*allow_missing=true/);
  expect((await post('dcim/plan')).json.refusal).toMatch(/2 of the 30/);
  expect((await post('dcim/look?allow_missing=true')).json.counts.missing).toBe(28);
});

test('a source that cannot be seen, and one that does not exist', async () => {
  const dead = await post('dead/look');
  expect([dead.status, dead.json.error.message, dead.headers['retry-after']]).toEqual([
    503,
    'dead: cannot be reached',
    '5',
  ]);
  const none = await post('nobody/look');
  expect([none.status, none.json.error.message]).toEqual([404, 'there is no source "nobody"; there are dcim, dead']);
});

test('the list has what is configured and what has looked before', async () => {
  await api.look([], { source: 'old' });
  const { json } = await api.ask('/api/v1/sources');
  expect(json.sources).toMatchObject([
    { name: 'dcim', configured: true, every_seconds: 300, last_look: { outcome: 'taken_over', items: 2 } },
    { name: 'dead', configured: true, last_look: null },
    { name: 'old', configured: false },
  ]);
});

test('findings are filtered and paged', async () => {
  const twins = ['a', 'b', 'c'].flatMap((name) => [
    observed('gpu', `${name}1`, { serial: `dup/${name}`, uuid: `gpu-${name}1` }),
    observed('gpu', `${name}2`, { serial: `dup/${name}`, uuid: `gpu-${name}2` }),
  ]);
  await api.look(twins, { source: 'twins' });
  const all = (await api.ask('/api/v1/findings?source=twins')).json;
  expect([all.total, all.findings[0].kind]).toEqual([3, 'conflict']);
  const first = (await api.ask('/api/v1/findings?source=twins&limit=2')).json;
  const second = (await api.ask(`/api/v1/findings?source=twins&limit=2&cursor=${first.next}`)).json;
  expect([...first.findings, ...second.findings]).toEqual(all.findings);
  expect(second.next).toBeUndefined();
  expect((await api.ask('/api/v1/findings?kind=unknown&source=twins')).json.total).toBe(0);
  expect((await api.ask('/api/v1/findings?cursor=abc')).status).toBe(400);
});
