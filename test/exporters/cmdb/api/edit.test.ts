import { type RunningApi, startApi } from '../../../support/cmdb-api.ts';
import { observed } from '../../../support/cmdb-observed.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const items = '/api/v1/items';
const server = (name: string, more: object = {}) => ({ class: 'server', name, ...more });

describe('creating', () => {
  test('an item is there at once, under its number and by its identities', async () => {
    const created = await api.ask(items, {
      method: 'POST',
      body: server('node-1', {
        attributes: { vendor: 'Dell Inc.', serial: '7XJ2K93', rack_unit: 12, virtual: false, tags: ['a', 'b'] },
      }),
    });
    expect(created.status).toBe(201);
    expect(created.headers).toMatchObject({ location: `${items}/${created.json.id}`, etag: '"1"' });
    expect(created.json).toMatchObject({
      class: 'server',
      name: 'node-1',
      state: 'in_service',
      attributes: { vendor: 'Dell Inc.', serial: '7XJ2K93', rack_unit: 12, virtual: false, tags: ['a', 'b'] },
      origins: { name: 'manual', serial: 'manual' },
      identities: [
        { kind: 'hostname', value: 'node-1' },
        { kind: 'serial', value: 'dell/7xj2k93' },
      ],
    });
    const found = await api.ask('/api/v1/lookup?serial=7xj2k93');
    expect(found.json.id).toBe(created.json.id);
  });

  test('what another item is known by is refused, and that item is named', async () => {
    const id = await api.create(server('node-2', { attributes: { serial: 'DUP-1' } }));
    const again = await api.ask(items, { method: 'POST', body: server('node-3', { attributes: { serial: 'dup-1' } }) });
    expect(again.status).toBe(409);
    expect(again.json.error).toMatchObject({ code: 'conflict', field: 'identities' });
    expect(again.json.error.message).toContain(`item ${id} (node-2)`);
  });

  test.each([
    [{ class: 'sever', name: 'x' }, 'class', /must be one of .*server/],
    [{ name: 'x' }, 'class', /missing/],
    [{ class: 'server', name: '' }, 'name', /fewer than 1/],
    [{ class: 'server', name: 'x', nmae: 1 }, 'nmae', /known are class, name/],
    [{ class: 'server', name: 'x', attributes: { 'Rack Unit': 1 } }, 'attributes.Rack Unit', /lower-case/],
    [{ class: 'server', name: 'x', attributes: { serial: { a: 1 } } }, 'attributes.serial', /must be/],
    [{ class: 'server', name: 'x', attributes: { note: 'a\u0000b' } }, 'attributes.note', /control characters/],
    [
      { class: 'server', name: 'node-x', relations: [{ type: 'located_in', to: 999_999 }] },
      'relations[0].to',
      /no item 999999/,
    ],
    [{ class: 'server', name: 'x', relations: [{ type: 'is_in', to: 1 }] }, 'relations[0].type', /located_in/],
    [
      { class: 'gpu', name: 'x', identities: [{ kind: 'mac', value: '02:00:00:00:00:01' }] },
      'identities[0].kind',
      /external, uuid, serial/,
    ],
    [{ class: 'gpu', name: 'x' }, 'identities', /give one of them/],
    [{ class: 'gpu', name: 'x', identities: [{ kind: 'serial', value: 'N/A' }] }, 'identities[0].value', /no serial/],
    [[], 'body', /must be object/],
  ])('%j is refused with the name of the field', async (body, field, reason) => {
    const answer = await api.ask(items, { method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(answer.json.error).toMatchObject({ code: 'bad_request', field, message: expect.stringMatching(reason) });
  });

  test('SQL, HTML and any other text come back as they were sent', async () => {
    const text = `'; drop table item; -- <script>alert("1")</script> \${7*7} {{7*7}} %s \\ " 漢字 🏠 \u202e`;
    const id = await api.create({
      class: 'rack',
      name: text,
      attributes: { note: text, list: [text] },
      message: text,
      identities: [{ kind: 'serial', value: `X${text}` }],
    });
    const { json, headers, text: raw } = await api.ask(`${items}/${id}`);
    expect(json).toMatchObject({ name: text, attributes: { note: text, list: [text] } });
    expect(headers).toMatchObject({
      'content-type': expect.stringContaining('application/json'),
      'x-content-type-options': 'nosniff',
    });
    expect(raw).toContain('drop table');
    const { json: history } = await api.ask(`${items}/${id}/history`);
    expect(history.changes[0]).toMatchObject({ message: text, after: { name: text } });
    const { json: found } = await api.ask(
      `/api/v1/search?q=${encodeURIComponent(`"${text.replaceAll(/["\\]/g, '\\$&')}"`)}`,
    );
    expect(found.items[0].id).toBe(id);
    expect(await api.count('item')).toBeGreaterThan(2);
  });

  test('__proto__ and constructor are neither keys nor taken over', async () => {
    const proto = await api.ask(items, {
      method: 'POST',
      body: '{"class":"rack","name":"p","attributes":{"__proto__":"x"}}',
    });
    expect(proto.json.error).toMatchObject({ field: 'attributes.__proto__' });
    const top = await api.ask(items, {
      method: 'POST',
      body: '{"class":"rack","name":"p","__proto__":{"state":"failed"}}',
    });
    expect(top.json.error).toMatchObject({ field: '__proto__' });
    const id = await api.create({
      class: 'rack',
      name: 'constructor',
      attributes: { constructor: 'x', tostring: 'y' },
    });
    expect((await api.ask(`${items}/${id}`)).json.attributes).toEqual({ constructor: 'x', tostring: 'y' });
    expect(Object.prototype).not.toHaveProperty('state');
  });
});

describe('changing', () => {
  test('needs the version that was seen', async () => {
    const id = await api.create(server('node-10'));
    const without = await api.ask(`${items}/${id}`, { method: 'PATCH', body: { state: 'failed' } });
    expect([without.status, without.json.error.code]).toEqual([428, 'version_missing']);
    const bad = await api.ask(`${items}/${id}`, {
      method: 'PATCH',
      body: { state: 'failed' },
      headers: { 'if-match': '7' },
    });
    expect(bad.json.error).toMatchObject({ code: 'bad_request', field: 'if-match' });
    const done = await api.ask(`${items}/${id}`, {
      method: 'PATCH',
      body: { state: 'failed' },
      headers: { 'if-match': '"1"' },
    });
    expect([done.status, done.headers['etag'], done.json.state]).toEqual([200, '"2"', 'failed']);
    const late = await api.ask(`${items}/${id}`, {
      method: 'PATCH',
      body: { state: 'rma' },
      headers: { 'if-match': '"1"' },
    });
    expect([late.status, late.json.error.code, late.json.item.state]).toEqual([412, 'version_conflict', 'failed']);
  });

  test('of many at once that saw the same version exactly one wins', async () => {
    const id = await api.create(server('node-11'));
    const racks = await Promise.all(['race-1', 'race-2'].map((name) => api.create({ class: 'rack', name })));
    for (const [version, bodies] of [
      [1, Array.from({ length: 8 }, (_, index) => ({ attributes: { note: `by ${index}` } }))],
      [2, racks.map((to) => ({ relations: [{ type: 'located_in', to }] }))],
    ] as const) {
      const answers = await Promise.all(
        bodies.map((body) =>
          api.ask(`${items}/${id}`, { method: 'PATCH', body, headers: { 'if-match': `"${version}"` } }),
        ),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(bodies.length - 1);
    }
    const { json } = await api.ask(`${items}/${id}/history`);
    expect(json.changes.map(({ action }: { action: string }) => action)).toEqual(['updated', 'updated', 'created']);
  });

  test('null takes back what people said, and what the source says counts again', async () => {
    await api.look(
      [observed('server', 'node-12', { serial: 'nb-12' }, { attributes: { model: 'R760', serial: 'NB-12' } })],
      { source: 'netbox' },
    );
    const { id } = (await api.ask('/api/v1/lookup?serial=nb-12')).json;
    const change = (body: object) => api.ask(`${items}/${id}`, { method: 'PATCH', body, headers: { 'if-match': '*' } });
    expect((await change({ attributes: { model: 'R770' } })).json).toMatchObject({
      attributes: { model: 'R770' },
      origins: { model: 'manual' },
    });
    expect((await change({ attributes: { model: null } })).json).toMatchObject({
      attributes: { model: 'R760' },
      origins: { model: 'netbox' },
    });
    const again = await change({ attributes: { model: null } });
    expect([again.status, again.json.error.field]).toEqual([409, 'attributes.model']);
    expect(again.json.error.message).toContain('netbox');
    const claims = (await api.ask(`${items}/${id}/claims`)).json.claims;
    expect(claims.map(({ source }: { source: string }) => source)).toEqual(['netbox']);
  });

  test('a serial number that is mended lets the old one go', async () => {
    const id = await api.create(server('node-13', { attributes: { serial: 'OLD-13' } }));
    await api.ask(`${items}/${id}`, {
      method: 'PATCH',
      body: { attributes: { serial: 'NEW-13' } },
      headers: { 'if-match': '"1"' },
    });
    expect((await api.ask('/api/v1/lookup?serial=old-13')).status).toBe(404);
    expect((await api.ask('/api/v1/lookup?serial=new-13')).json.id).toBe(id);
    const other = await api.create(server('node-14', { attributes: { serial: 'OLD-13' } }));
    expect(other).not.toBe(id);
  });

  test('relations begin, end and make no ring', async () => {
    const [site, room, rack] = [
      await api.create({ class: 'site', name: 'ring-site' }),
      await api.create({ class: 'room', name: 'ring-room' }),
      await api.create({ class: 'rack', name: 'ring-rack' }),
    ];
    const relate = (id: number, body: object) =>
      api.ask(`${items}/${id}`, { method: 'PATCH', body, headers: { 'if-match': '*' } });
    expect((await relate(rack, { relations: [{ type: 'located_in', to: room }] })).status).toBe(200);
    expect((await relate(room, { relations: [{ type: 'located_in', to: site }] })).status).toBe(200);
    const ring = await relate(site, { relations: [{ type: 'located_in', to: rack }] });
    expect([ring.status, ring.json.error.field]).toEqual([409, 'relations']);
    // A place is the only one: the new one takes the place of the old one.
    await relate(rack, { relations: [{ type: 'located_in', to: site }] });
    const { json } = await api.ask(`${items}/${rack}/relations`);
    expect(json.outgoing).toMatchObject([{ type: 'located_in', to: site, item: { name: 'ring-site' } }]);
    await relate(rack, { end_relations: [{ type: 'located_in', to: site }] });
    expect((await api.ask(`${items}/${rack}/relations`)).json.total).toBe(0);
    const none = await relate(rack, { end_relations: [{ type: 'located_in', to: site }] });
    expect(none.json.error).toMatchObject({ code: 'conflict', field: 'end_relations[0]' });
  });
});

describe('deleting', () => {
  test('ends relations both ways, frees identities and keeps the history', async () => {
    const rack = await api.create({ class: 'rack', name: 'gone-rack' });
    const node = await api.create(server('node-20', { relations: [{ type: 'located_in', to: rack }] }));
    const deleted = await api.ask(`${items}/${rack}?message=scrapped`, {
      method: 'DELETE',
      headers: { 'if-match': '"1"' },
    });
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await api.ask(`${items}/${rack}`)).status).toBe(404);
    expect((await api.ask(`${items}/${node}/relations`)).json.total).toBe(0);
    const { json } = await api.ask(`${items}/${rack}/history`);
    expect(json.changes[0]).toMatchObject({ action: 'deleted', message: 'scrapped', actor: 'local', after: null });
    // Nothing leads to it any more: what is said of the server later does not bring the relation back.
    await api.ask(`${items}/${node}`, { method: 'PATCH', body: { state: 'failed' }, headers: { 'if-match': '*' } });
    expect((await api.ask(`${items}/${node}/relations`)).json.total).toBe(0);
    expect(await api.create({ class: 'rack', name: 'gone-rack' })).not.toBe(rack);
  });

  test('an old version is refused, and nothing is gone', async () => {
    const id = await api.create(server('node-21'));
    const refused = await api.ask(`${items}/${id}`, { method: 'DELETE', headers: { 'if-match': '"9"' } });
    expect(refused.status).toBe(412);
    expect((await api.ask(`${items}/${id}`)).status).toBe(200);
  });
});

describe('merging', () => {
  test('all that was said of the other is said of the one that stays', async () => {
    const rack = await api.create({ class: 'rack', name: 'merge-rack' });
    const into = await api.create(server('node-30', { attributes: { serial: 'M-30', note: 'kept' } }));
    const from = await api.create(
      server('node-30b', {
        attributes: { asset_tag: 'A-30', note: 'lost' },
        relations: [{ type: 'located_in', to: rack }],
      }),
    );
    const gpu = await api.create({
      class: 'gpu',
      name: 'gpu-30',
      attributes: { uuid: 'GPU-30' },
      relations: [{ type: 'installed_on', to: from }],
    });
    const merged = await api.ask(`${items}/${into}/merge`, {
      method: 'POST',
      body: { from },
      headers: { 'if-match': '"1"' },
    });
    expect(merged.json).toMatchObject({
      id: into,
      name: 'node-30',
      attributes: { serial: 'M-30', asset_tag: 'A-30', note: 'kept' },
    });
    expect(merged.json.identities.map(({ value }: { value: string }) => value)).toEqual([
      'node-30',
      'node-30b',
      'm-30',
    ]);
    expect((await api.ask(`${items}/${from}`)).status).toBe(404);
    const { json } = await api.ask(`${items}/${into}/relations`);
    expect(json.outgoing).toMatchObject([{ type: 'located_in', to: rack }]);
    expect(json.incoming).toMatchObject([{ type: 'installed_on', from: gpu }]);
    const { json: history } = await api.ask(`${items}/${from}/history`);
    expect(history.changes[0].action).toBe('deleted');
    const { json: since } = await api.ask(`${items}/${into}/history`);
    const begun = since.changes.flatMap(({ opened }: { opened: readonly object[] }) => opened);
    const names = { from_name: 'node-30', to_name: 'merge-rack' };
    expect(begun).toContainEqual(expect.objectContaining({ type: 'located_in', to: rack, ...names }));
  });

  test('nothing is merged with itself, with another class, or into a ring', async () => {
    const [a, b] = [await api.create({ class: 'rack', name: 'merge-a' }), await api.create(server('merge-b'))];
    const merge = (into: number, from: number) =>
      api.ask(`${items}/${into}/merge`, { method: 'POST', body: { from }, headers: { 'if-match': '*' } });
    expect((await merge(a, a)).status).toBe(409);
    expect((await merge(a, b)).json.error).toMatchObject({ code: 'conflict', field: 'from' });
    expect((await merge(a, 999_999)).status).toBe(404);
    const outer = await api.create({ class: 'room', name: 'outer' });
    const middle = await api.create({ class: 'room', name: 'middle', relations: [{ type: 'located_in', to: outer }] });
    const inner = await api.create({ class: 'room', name: 'inner', relations: [{ type: 'located_in', to: middle }] });
    expect((await merge(outer, inner)).json.error).toMatchObject({ code: 'conflict' });
    expect((await api.ask(`${items}/${inner}`)).status).toBe(200);
  });
});
