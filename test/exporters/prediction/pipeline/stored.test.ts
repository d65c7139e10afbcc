import fc from 'fast-check';
import { hashOf } from '../../../../exporters/prediction/learning/model/canonical.ts';
import { scoreFleet } from '../../../../exporters/prediction/pipeline/score-fleet.ts';
import { readModelSet } from '../../../../exporters/prediction/pipeline/stored/read-model-set.ts';
import { writeModelSet } from '../../../../exporters/prediction/pipeline/stored/write-model-set.ts';
import { trainModels } from '../../../../exporters/prediction/pipeline/train-models.ts';
import { inputOf, madeFleet, trainFast } from './made-fleet.ts';

const fleet = madeFleet({ gpus: 16, rate: 0.016, days: 130 });
const trained = trainModels(inputOf(fleet, { provenance: { source: 'made up' } }), { train: trainFast });
const written = trained.then(writeModelSet);

type Content = Record<string, unknown>;

/** The text of a set that somebody has changed, with a hash that is right. */
async function changed(change: (content: Content) => void): Promise<string> {
  const { hash, ...content } = JSON.parse(await written) as Content;
  change(content);
  return JSON.stringify({ ...content, hash: hashOf(content) });
}

/** The map or list at a path such as kinds.gpu.horizons.7d. */
function at(content: Content, path: string): Content {
  return path.split('.').reduce((map, key) => map[key] as Content, content);
}

test('a set that was written is read as it was, and answers the same', async () => {
  const set = await trained;
  const read = readModelSet(await written, 'a file');
  expect(read).toEqual(set);
  expect(set.kinds.gpu?.horizons['7d'].layer).toBe('learned');
  const now = {
    atMs: fleet.table.atMs.at(-1) ?? 0,
    entities: fleet.entities,
    tables: { gpu: fleet.table },
    events: [],
  };
  expect(scoreFleet(read, now)).toEqual(scoreFleet(set, now));
});

test('a set of a fleet without history is read as it was', async () => {
  const empty = await trainModels(
    { tables: {}, history: { ...fleet.history, incidents: [], events: [] }, seed: 1 },
    { train: trainFast },
  );
  expect(readModelSet(writeModelSet(empty), 'a file')).toEqual(empty);
});

test('whatever is cut off is refused, wherever it is cut', async () => {
  const text = (await written).trimEnd();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
      expect(() => readModelSet(text.slice(0, length), 'set.json')).toThrow(/^set.json is not used as models: /);
    }),
    { numRuns: 20 },
  );
});

test('whatever is changed without its hash is refused', async () => {
  const text = await written;
  // Whole numbers of one digit: the last of seventeen digits may change nothing.
  const digits = [...text.matchAll(/(?<=[[,:])[1-8](?=[,\]}])/g)].map(({ index }) => index);
  fc.assert(
    fc.property(fc.nat({ max: digits.length - 1 }), (which) => {
      const place = digits[which] ?? 0;
      const other = `${text.slice(0, place)}9${text.slice(place + 1)}`;
      expect(() => readModelSet(other, 'set.json')).toThrow(/changed or damaged|it has version 9/);
    }),
    { numRuns: 20 },
  );
});

test.each<readonly [string, (content: Content) => void, RegExp]>([
  ['another format', (set) => Object.assign(set, { format: 'other' }), /format is not/],
  ['another version', (set) => Object.assign(set, { version: 2 }), /version 2, and this program reads 1/],
  ['an id that leaves the folder', (set) => Object.assign(set, { id: '../../etc/passwd' }), /id must be/],
  ['an unknown key', (set) => Object.assign(set, { code: 'run()' }), /unknown key code/],
  ['a rate below 0', (set) => Object.assign(at(set, 'rate.base'), { 'gpu/': -1 }), /rate.base.gpu/],
  ['a rate of text', (set) => Object.assign(at(set, 'rate.base'), { 'gpu/': '1' }), /rate.base.gpu/],
  [
    'too few weights',
    (set) => Object.assign(at(set, 'rate.excitation'), { gpu: [1] }),
    /has 1 entries; it must have 4/,
  ],
  ['an unknown hold', (set) => Object.assign(at(set, 'rate'), { hold: 'x' }), /hold must be one of/],
  ['a kind that is another', (set) => Object.assign(at(set, 'kinds.gpu'), { kind: 'node' }), /says that it is of node/],
  ['an unknown kind', (set) => Object.assign(at(set, 'kinds'), { rack: {} }), /unknown key rack/],
  ['too few shapes', (set) => Object.assign(at(set, 'kinds.gpu'), { shapes: [] }), /shapes has 0 entries/],
  [
    'edges that fall',
    (set) => Object.assign(at(set, 'kinds.gpu.shapes.0'), { edges: [2, 1], counts: [1, 1, 1, 1] }),
    /ascending/,
  ],
  ['counts that lack', (set) => Object.assign(at(set, 'kinds.gpu.shapes.0'), { counts: [1] }), /ascending/],
  [
    'a horizon that is another',
    (set) => Object.assign(at(set, 'kinds.gpu.horizons.7d'), { horizon: '24h' }),
    /says that it is of 24h/,
  ],
  [
    'a model without promotion',
    (set) => Object.assign(at(set, 'kinds.gpu.horizons.7d'), { layer: 'rate' }),
    /answers by rate, and has a model/,
  ],
  [
    'a promotion without model',
    (set) => delete at(set, 'kinds.gpu.horizons.7d')['model'],
    /answers by learned, and has no model/,
  ],
  [
    'a model of another horizon',
    (set) =>
      Object.assign(at(set, 'kinds.gpu.horizons'), {
        '30d': {
          ...at(set, 'kinds.gpu.horizons.30d'),
          layer: 'learned',
          model: at(set, 'kinds.gpu.horizons.7d')['model'],
        },
      }),
    /another horizon/,
  ],
  [
    'a model that was changed',
    (set) => Object.assign(at(set, 'kinds.gpu.horizons.7d.model'), { base: -1 }),
    /is not used as a model/,
  ],
  ['a base rate above 1', (set) => Object.assign(at(set, 'kinds.gpu.horizons.7d'), { baseRate: 2 }), /baseRate/],
  [
    'a card of another version',
    (set) => Object.assign(at(set, 'kinds.gpu.horizons.7d.card'), { version: 2 }),
    /another version/,
  ],
  ['a card without figures', (set) => delete at(set, 'kinds.gpu.horizons.7d.card')['figures'], /card must be complete/],
  ['a card with a hole', (set) => delete at(set, 'kinds.gpu.horizons.7d.card.model')['name'], /card must be complete/],
  [
    'an unknown scorer',
    (set) => Object.assign(at(set, 'kinds.gpu.horizons.7d.tried.0'), { scorer: 'x' }),
    /scorer must be one of/,
  ],
  [
    'figures without outcome',
    (set) => delete at(set, 'kinds.gpu.horizons.7d.tried.0.figures')['outcome'],
    /figures must be complete/,
  ],
  ['a sign above 1', (set) => Object.assign(at(set, 'past.0.signs'), { ecc: 2 }), /signs.ecc/],
  [
    'an incident of nothing',
    (set) => Object.assign(at(set, 'past.0.incident.entity'), { kind: 'x' }),
    /kind must be one of/,
  ],
  ['an incident without time', (set) => delete at(set, 'past.0.incident')['startMs'], /startMs/],
])('%s is refused though the hash is right', async (_, change, message) => {
  const text = await changed(change);
  expect(() => readModelSet(text, 'set.json')).toThrow(message);
});

test.each(['null', '[]', '3', '""', '{}'])('%s is no set', (text) => {
  expect(() => readModelSet(text, 'set.json')).toThrow(/^set.json is not used as models/);
});
