import type { AttributeCheck } from '../../../../exporters/cmdb/inventory/sanitize.ts';
import type { CmdbStore } from '../../../../exporters/cmdb/store/cmdb-store.ts';
import { changeItem, createItem } from '../../../../exporters/cmdb/store/edit-items.ts';
import { mergeItems } from '../../../../exporters/cmdb/store/merge-items.ts';
import { observed } from '../../../support/cmdb-observed.ts';
import { openTestDatabase, type TestCmdb, type TestDatabase } from '../../../support/cmdb-store.ts';

let database: TestDatabase;
let test1: TestCmdb;

beforeAll(async () => {
  database = await openTestDatabase(undefined);
});
afterAll(() => database.close());
beforeEach(async () => {
  test1 = await database.empty();
});

const anything: AttributeCheck = () => [];
const author = { actor: 'anna', message: '' };

function create(store: CmdbStore, name: string, serial: string): Promise<number> {
  return store.write(author, (writing) =>
    createItem(writing, { class: 'server', name, attributes: { serial } }, anything),
  );
}

test('of two replicas that change the same version one wins, and the other is told how it is now', async () => {
  const { cmdb, replica } = test1;
  const id = await create(cmdb, 'node-1', 'S1');
  const other = await replica();
  const change = (store: CmdbStore, note: string) =>
    store.write(author, (writing) => changeItem(writing, { id, version: 1, edit: { attributes: { note } } }, anything));
  const outcomes = await Promise.allSettled([change(cmdb, 'first'), change(other, 'second')]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const refusal = outcomes.find((outcome) => outcome.status === 'rejected');
  expect(refusal?.reason).toMatchObject({ kind: 'version', item: { id, version: 2 } });
  await Promise.all([cmdb.catchUp(), other.catchUp()]);
  expect(other.inventory.item(id)).toEqual(cmdb.inventory.item(id));
});

test('what the configuration wants of attributes holds for people, too, and nothing is written', async () => {
  const { cmdb } = test1;
  const check: AttributeCheck = ({ attributes }) =>
    typeof attributes['cost_centre'] === 'string' ? [] : [{ attribute: 'cost_centre', reason: 'must be a text' }];
  const refused = cmdb.write(author, (writing) =>
    createItem(writing, { class: 'tenant', name: 'acme', attributes: { cost_centre: 7 } }, check),
  );
  await expect(refused).rejects.toMatchObject({
    kind: 'invalid',
    field: 'attributes.cost_centre',
    message: 'must be a text',
  });
  expect(cmdb.inventory.size).toBe(0);
  expect(await cmdb.history({ limit: 10 })).toEqual([]);
});

test('two items that one source sees as two are not merged; once it sees one of them no more, they are', async () => {
  const { cmdb, look, clock } = test1;
  const [a, b] = [observed('server', 'a', { serial: 'x/1' }), observed('server', 'b', { mac: '02:00:00:00:00:07' })];
  await look([a, b]);
  const [into = 0, from = 0] = [...cmdb.inventory.items()].map(({ id }) => id);
  const merge = () => cmdb.write(author, (writing) => mergeItems(writing, { into, from, version: undefined }));
  await expect(merge()).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining('scan sees item') });
  clock.advance(60);
  await look([a], { maxMissingRatio: 1 });
  await merge();
  expect(cmdb.inventory.size).toBe(1);
  expect(cmdb.inventory.item(into)?.identities).toHaveLength(2);
  // Seen again under either identity it is the same item, and it is not missing.
  await look([observed('server', 'b', { mac: '02:00:00:00:00:07', serial: 'x/1' })], { maxMissingRatio: 1 });
  expect([...cmdb.inventory.items()].map(({ id }) => id)).toEqual([into]);
  expect(cmdb.inventory.missingSince(into)).toBeUndefined();
});

test('a replica that starts later has the same after merges', async () => {
  const { cmdb, replica } = test1;
  const [into, from] = [await create(cmdb, 'node-1', 'S1'), await create(cmdb, 'node-2', 'S2')];
  await cmdb.write(author, (writing) => mergeItems(writing, { into, from, version: 1 }));
  const later = await replica();
  expect([...later.inventory.items()]).toEqual([...cmdb.inventory.items()]);
  expect(await cmdb.claims(from)).toEqual([]);
});
