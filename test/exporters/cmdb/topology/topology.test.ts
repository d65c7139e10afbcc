import fc from 'fast-check';
import type { Inventory } from '../../../../exporters/cmdb/inventory/inventory.ts';
import { lifecycleStates } from '../../../../exporters/cmdb/model/state.ts';
import { draw, stateColours } from '../../../../exporters/cmdb/topology/drawing.ts';
import {
  insideOf,
  type NeighbourhoodOptions,
  neighbourhoodOf,
} from '../../../../exporters/cmdb/topology/neighbourhood.ts';
import { toDot } from '../../../../exporters/cmdb/topology/to-dot.ts';
import { toMermaid } from '../../../../exporters/cmdb/topology/to-mermaid.ts';
import { fleetInventory, smallFleet } from '../../../support/cmdb-fleet.ts';
import { createInventory, type ItemSketch, type RelationSketch } from '../../../support/cmdb-inventory.ts';
import { readDot } from '../../../support/dot-grammar.ts';
import { readMermaid } from '../../../support/mermaid-grammar.ts';

const items: readonly ItemSketch[] = [
  { id: 1, class: 'rack', name: 'r1' },
  { id: 2, class: 'server', name: 'node-2', state: 'failed' },
  { id: 3, class: 'gpu', name: 'gpu 3' },
  { id: 4, class: 'application', name: 'train' },
  { id: 5, class: 'tenant', name: 'blue' },
  { id: 6, class: 'server', name: 'node-6' },
  { id: 7, class: 'driver', name: '570' },
];
const relations: readonly RelationSketch[] = [
  [2, 'located_in', 1],
  [6, 'located_in', 1],
  [3, 'installed_on', 2],
  [4, 'runs_on', 3],
  [4, 'owned_by', 5],
  [7, 'installed_on', 2],
];
const inventory = createInventory(items, relations);

describe('what is drawn', () => {
  test.each<[depth: number, ids: readonly number[]]>([
    [0, [2]],
    [1, [2, 1, 3, 7]],
    [2, [2, 1, 3, 7, 4, 6]],
  ])('around a server, %i steps', (depth, ids) => {
    expect(around({ depth })).toEqual(ids);
  });

  test('owners only if they are asked for, other relations not then', () => {
    expect(neighbourhoodOf(inventory, [4], { types: ['owned_by'] }).items.map(({ id }) => id)).toEqual([4, 5]);
  });

  test('only some classes, and what is asked about in any case', () => {
    expect(around({ classes: ['gpu'] })).toEqual([2, 3]);
  });

  test('a rack with all that is in it, and nothing that is beside it', () => {
    expect(insideOf(inventory, 1).items.map(({ id }) => id)).toEqual([1, 2, 6, 3, 7]);
  });

  test('only so much, the nearest first, and how much is left out', () => {
    const few = neighbourhoodOf(inventory, [2], { depth: 2, maxItems: 4, maxRelations: 1 });
    expect(few.items.map(({ id }) => id)).toEqual([2, 1, 3, 7]);
    expect([few.relations.length, few.leftOut]).toEqual([1, { items: 2, relations: 2 }]);
  });

  test('nothing of an item that is not there', () => {
    expect(neighbourhoodOf(inventory, [99]).items).toEqual([]);
    expect(readDot(dot(inventory, [99])).nodes.size).toBe(0);
    expect(readMermaid(mermaid(inventory, [99])).nodes.size).toBe(0);
  });
});

test('Graphviz gets boxes by rack, arrows that say what they mean, and states in colour and in words', () => {
  const graph = readDot(dot(inventory, [2]));
  expect([...graph.subgraphs]).toEqual([['cluster_place1', 'rack r1']]);
  expect(
    [...graph.nodes].map(([key, { attributes, subgraph }]) => [
      key,
      attributes['label'],
      attributes['fillcolor'],
      subgraph,
    ]),
  ).toEqual([
    ['item2', 'server\nnode-2\nfailed', stateColours.failed[0], 'cluster_place1'],
    ['item3', 'gpu\ngpu 3', stateColours.in_service[0], 'cluster_place1'],
    ['item4', 'application\ntrain', stateColours.in_service[0], 'cluster_place1'],
    ['item6', 'server\nnode-6', stateColours.in_service[0], 'cluster_place1'],
    ['item7', 'driver\n570', stateColours.in_service[0], undefined],
  ]);
  expect(graph.edges).toEqual([
    { from: 'item3', to: 'item2', label: 'is built into or installed on' },
    { from: 'item7', to: 'item2', label: 'is built into or installed on' },
    { from: 'item4', to: 'item3', label: 'runs on' },
  ]);
});

test('Mermaid gets the same', () => {
  const chart = readMermaid(mermaid(inventory, [2]));
  const graph = readDot(dot(inventory, [2]));
  expect([...chart.nodes].map(([key, { label }]) => [key, label])).toEqual(
    [...graph.nodes].map(([key, { attributes }]) => [key, attributes['label']]),
  );
  expect(chart.edges).toEqual(graph.edges);
  expect([...chart.subgraphs]).toEqual([['place1', 'rack r1']]);
  expect(chart.nodes.get('item2')).toMatchObject({ state: 'failed', subgraph: 'place1' });
});

test('what is left out is told in the drawing', () => {
  const { inventory: fleet, idOf } = fleetInventory(smallFleet);
  const rack = insideOf(fleet, idOf('r0'), { maxItems: 20 });
  const note = /^not drawn: \d+ more items, \d+ more relations/;
  expect(readDot(toDot(draw(fleet, rack))).nodes.get('note')?.attributes['label']).toMatch(note);
  expect(readMermaid(toMermaid(draw(fleet, rack))).nodes.get('note')?.label).toMatch(note);
});

test('a drawing is bounded by itself', () => {
  const { inventory: fleet, idOf } = fleetInventory(smallFleet);
  const { items: drawn, relations: arrows, leftOut } = insideOf(fleet, idOf('train-1'), { depth: 9 });
  expect([drawn.length, arrows.length <= 900, leftOut.items > 0]).toEqual([300, true, true]);
});

test.each(Object.keys(lifecycleStates) as (keyof typeof lifecycleStates)[])(
  'black text can be read on the colour for %s',
  (state) => {
    const luminance = (colour: string): number => {
      const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
        const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    expect((luminance(stateColours[state][0]) + 0.05) / 0.05).toBeGreaterThan(7);
  },
);

describe('names that mean harm', () => {
  const hostile = [
    'end',
    'subgraph',
    'a"]; evil [label="b',
    '<b>bold</b>',
    '<img src=x onerror=alert(1)>',
    String.raw`back\slash \N \"`,
    'line\nfeed\r\u2028sep',
    '%%{init: {"theme": "x"}}%%',
    '`**markdown**`',
    '1. list',
    '#35; &quot; &lt;',
    '"] --> item1["x',
    'click item1 href "javascript:alert(1)"',
    'item1:::failed',
    '\u202Eright to left',
    '\u0000\u0007\u001b[31m',
    '\uD800',
    'x'.repeat(5000),
    '機器 🙂',
    '',
  ];

  test.each(hostile)('%p stays in its label', (name) => {
    expect(survives(name)).toEqual({ dot: `server\n${plain(name)}`, mermaid: `server\n${plain(name)}` });
  });

  test('so does any other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        expect(survives(name)).toEqual({ dot: `server\n${plain(name)}`, mermaid: `server\n${plain(name)}` });
      }),
      { numRuns: 500 },
    );
  });

  function survives(name: string): { readonly dot: string | undefined; readonly mermaid: string | undefined } {
    const one = createInventory(
      [
        { id: 1, class: 'server', name },
        { id: 2, class: 'rack', name },
      ],
      [[1, 'located_in', 2]],
    );
    const [graph, chart] = [readDot(dot(one, [1])), readMermaid(mermaid(one, [1]))];
    expect([graph.nodes.size, chart.nodes.size, graph.edges.length, chart.edges.length]).toEqual([1, 1, 0, 0]);
    return { dot: graph.nodes.get('item1')?.attributes['label'], mermaid: chart.nodes.get('item1')?.label };
  }

  /** As it may be shown: one line, without what cannot be seen, and not too long. */
  function plain(name: string): string {
    const seen = [...name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')];
    const short = seen.length > 80 ? `${seen.slice(0, 80).join('')}…` : seen.join('');
    return short.replaceAll(/\s/gu, ' ');
  }
});

function around(options: NeighbourhoodOptions): readonly number[] {
  return neighbourhoodOf(inventory, [2], { depth: 1, ...options }).items.map(({ id }) => id);
}

function dot(of: Inventory, ids: readonly number[]): string {
  return toDot(draw(of, neighbourhoodOf(of, ids)));
}

function mermaid(of: Inventory, ids: readonly number[]): string {
  return toMermaid(draw(of, neighbourhoodOf(of, ids)));
}
