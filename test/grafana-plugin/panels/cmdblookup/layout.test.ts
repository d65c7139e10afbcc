import { type Mounted, readRack } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/rack';
import { type Relations, readRelations } from '../../../../grafana-plugin/src/panels/cmdblookup/answers/relations';
import {
  type Box,
  type Graph,
  layoutGraph,
} from '../../../../grafana-plugin/src/panels/cmdblookup/models/graph-layout';
import { layoutRack } from '../../../../grafana-plugin/src/panels/cmdblookup/models/rack-layout';
import { relationGroups } from '../../../../grafana-plugin/src/panels/cmdblookup/models/relation-groups';
import rackAnswer from '../../../fixtures/grafana-plugin/cmdb/rack.json';
import relationsAnswer from '../../../fixtures/grafana-plugin/cmdb/relations.json';

const groups = relationGroups(readRelations(relationsAnswer));
const none = new Map<string, number>();

function boxesOf({ centre, groups: placed }: Graph): readonly Box[] {
  return [
    centre,
    ...placed.flatMap(({ heading, nodes, more }) => [
      heading,
      ...nodes.map(({ box }) => box),
      ...(more ? [more.box] : []),
    ]),
  ];
}

function overlaps(boxes: readonly Box[]): number {
  const meet = (a: Box, b: Box): boolean =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  return boxes.flatMap((a, index) => boxes.slice(index + 1).filter((b) => meet(a, b))).length;
}

function many(count: number): Relations {
  const incoming = Array.from({ length: count }, (_, index) => ({
    type: 'runs_on',
    other: {
      id: index + 10,
      class: 'application',
      name: `job-${index}`,
      state: index === count - 1 ? 'failed' : 'in_service',
    },
    source: undefined,
    since: undefined,
  }));
  return { outgoing: [], incoming, total: count };
}

describe('groups of relations', () => {
  test('where it is stands first, and what runs on it before its parts', () => {
    const keys = groups.map(({ key }) => key);
    expect(keys[0]).toBe('out located_in rack');
    expect(keys.indexOf('in runs_on application')).toBeLessThan(keys.indexOf('in installed_on gpu'));
  });

  test('an item stands in a group once, and trouble stands before all others', () => {
    const [group] = relationGroups({
      ...many(30),
      outgoing: [],
      incoming: [...many(30).incoming, ...many(30).incoming],
    });
    expect(group?.items).toHaveLength(30);
    expect(group?.items[0]?.name).toBe('job-29');
    expect(group?.items[1]?.name).toBe('job-0');
  });
});

describe('the graph', () => {
  test.each([320, 390, 619, 620, 900, 1600])('at %d pixels nothing overlaps or sticks out', (width) => {
    const graph = layoutGraph(groups, { width, shown: none });
    const boxes = boxesOf(graph);
    expect(overlaps(boxes)).toBe(0);
    expect(
      boxes.filter(
        ({ x, y, width: wide, height }) => x < 0 || y < 0 || wide <= 0 || x + wide > width || y + height > graph.height,
      ),
    ).toEqual([]);
  });

  test('500 jobs are four and "and 496 more", until they are asked for', () => {
    const some = relationGroups(many(500));
    const [first] = layoutGraph(some, { width: 900, shown: none }).groups;
    expect([first?.nodes.length, first?.more?.count]).toEqual([4, 496]);
    const [asked] = layoutGraph(some, { width: 900, shown: new Map([['in runs_on application', 29]]) }).groups;
    expect([asked?.nodes.length, asked?.more?.count]).toEqual([29, 471]);
  });

  test('one alone is not hidden behind "and 1 more"', () => {
    const [group] = layoutGraph(relationGroups(many(5)), { width: 900, shown: none }).groups;
    expect([group?.nodes.length, group?.more]).toEqual([5, undefined]);
  });

  test('an item without relations is alone', () => {
    const graph = layoutGraph([], { width: 320, shown: none });
    expect(graph.groups).toEqual([]);
    expect(graph.height).toBeGreaterThanOrEqual(graph.centre.height);
  });
});

describe('the rack', () => {
  const rack = readRack(rackAnswer);
  const machine = (id: number, unit: number, units: number): Mounted => ({
    id,
    unit,
    units,
    class: 'server',
    name: `m${id}`,
    state: 'in_service',
    node: undefined,
    tenants: [],
  });

  test('the lowest unit is at the bottom', () => {
    const { units, boxes, freeUnits, isGuess } = layoutRack(rack);
    const server = boxes.find(({ item }) => item.name === 'sim-1');
    expect([units, isGuess]).toEqual([48, false]);
    expect(server).toMatchObject({ top: 48 - 9, units: 8, lane: 0, lanes: 1 });
    expect(freeUnits).toBe(48 - rack.mounted.reduce((sum, each) => sum + each.units, 0));
  });

  test('what takes the same units stands side by side', () => {
    const { boxes, freeUnits } = layoutRack({
      ...rack,
      mounted: [machine(1, 1, 2), machine(2, 2, 1), machine(3, 3, 1)],
    });
    const lanes = new Map(boxes.map(({ item, lane, lanes: all }) => [item.id, [lane, all]]));
    expect([lanes.get(1), lanes.get(2), lanes.get(3)]).toEqual([
      [0, 2],
      [1, 2],
      [0, 1],
    ]);
    expect(freeUnits).toBe(45);
  });

  test('a rack of unknown height has the usual one, or is as high as what is in it', () => {
    expect(layoutRack({ ...rack, units: undefined, mounted: [] })).toMatchObject({
      units: 42,
      isGuess: true,
      freeUnits: 42,
    });
    expect(layoutRack({ ...rack, units: 10, mounted: [machine(1, 20, 2)] }).units).toBe(21);
  });
});
