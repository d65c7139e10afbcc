import { arrange } from '../../../../grafana-plugin/src/panels/failureprediction/heatmap/arrange';
import {
  cellAt,
  gridOf,
  placeAt,
  placesOf,
  rowAt,
  visibleBlocks,
} from '../../../../grafana-plugin/src/panels/failureprediction/heatmap/grid';
import { moved } from '../../../../grafana-plugin/src/panels/failureprediction/heatmap/move';
import type { RiskRow } from '../../../../grafana-plugin/src/panels/failureprediction/rows/risk-row';
import { row } from './rows';

/** Nodes of eight GPUs, four in a rack. */
function fleet(nodes: number): RiskRow[] {
  return Array.from({ length: nodes * 8 }, (_, at) => {
    const node = Math.floor(at / 8);
    return row(`GPU-${at}`, { node: `n${node}`, rack: `r${Math.floor(node / 4)}`, gpuIndex: at % 8 });
  });
}

test('racks and nodes stand in the order of their numbers, GPUs by their index', () => {
  const { by, blocks, mostLines, mostCells } = arrange(fleet(44).reverse());
  expect(by).toBe('rack');
  expect(blocks.map(({ title }) => title)).toEqual(Array.from({ length: 11 }, (_, at) => `r${at}`));
  expect(blocks[2]?.lines.map(({ node }) => node)).toEqual(['n8', 'n9', 'n10', 'n11']);
  expect(blocks[0]?.lines[0]?.cells.map((cell) => cell?.uuid)).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].map((at) => `GPU-${at}`),
  );
  expect([mostLines, mostCells]).toEqual([4, 8]);
});

test('without racks each node stands by itself, and one without a rack among racks comes last', () => {
  const bare = fleet(3).map(({ rack: _rack, ...rest }) => rest);
  expect(arrange(bare)).toMatchObject({ by: 'node', blocks: [{ title: 'n0' }, { title: 'n1' }, { title: 'n2' }] });
  expect(arrange([...fleet(4), row('x', { node: 'a' })]).blocks.map(({ title }) => title)).toEqual(['r0', '']);
});

test('a rack of one name in two clusters is two', () => {
  const rows = [row('a', { rack: 'r1' }), row('b', { rack: 'r1', cluster: 'd', key: 'd/b' })];
  expect(arrange(rows).blocks.map(({ lines }) => lines.length)).toEqual([1, 1]);
});

test('an index that is missing leaves a hole, and indexes that clash are not believed', () => {
  const [first, , third] = fleet(1);
  if (first === undefined || third === undefined) throw new Error('no fleet');
  expect(arrange([third, first]).blocks[0]?.lines[0]?.cells.map((cell) => cell?.uuid)).toEqual([
    'GPU-0',
    undefined,
    'GPU-2',
  ]);
  const clashing = [row('GPU-10', { gpuIndex: 0 }), row('GPU-9', { gpuIndex: 0 })];
  expect(arrange(clashing).blocks[0]?.lines[0]?.cells.map((cell) => cell?.uuid)).toEqual(['GPU-9', 'GPU-10']);
});

test('a node with many GPUs goes on in the next line, and none is left out', () => {
  const rows = Array.from({ length: 40 }, (_, at) => row(`GPU-${at}`, { rack: 'r1' }));
  const { blocks, mostCells } = arrange(rows);
  expect(blocks[0]?.lines.map(({ cells }) => cells.length)).toEqual([16, 16, 8]);
  expect(mostCells).toBe(16);
});

test('the middle of each cell of 10,000 GPUs is that cell, and no point between them is any', () => {
  const arrangement = arrange(fleet(1250));
  const grid = gridOf(arrangement, 1200, 400);
  const places = placesOf(arrangement);
  expect(places.size).toBe(10_000);
  for (const place of places.values()) {
    const { x, y } = cellAt(grid, place);
    expect(placeAt(grid, arrangement, x + grid.cell / 2, y + grid.cell / 2)).toEqual(place);
  }
  expect(placeAt(grid, arrangement, -1, 5)).toBeUndefined();
  expect(placeAt(grid, arrangement, 5, 1)).toBeUndefined();
  expect(placeAt(grid, arrangement, 5, grid.height + 1000)).toBeUndefined();
});

test('only the blocks that are seen are drawn', () => {
  const grid = gridOf(arrange(fleet(1250)), 1200, 300);
  const { from, to } = visibleBlocks(grid, 1000, 1300);
  expect(to - from).toBeLessThanOrEqual(grid.across * (Math.ceil(300 / grid.blockHeight) + 1));
  expect(visibleBlocks(grid, 0, 1e9)).toEqual({ from: 0, to: grid.blocks });
});

test('arrow keys reach the neighbours that are seen, across racks, and stop at the edge', () => {
  const arrangement = arrange(fleet(16));
  const grid = { ...gridOf(arrangement, 400, 300), across: 2 };
  const go = (from: string, move: Parameters<typeof moved>[3]) => {
    const place = moved(arrangement, grid, placesOf(arrangement).get(`c/${from}`), move);
    return place === undefined ? undefined : rowAt(arrangement, place)?.uuid;
  };
  expect(go('GPU-0', 'ArrowRight')).toBe('GPU-1');
  expect(go('GPU-7', 'ArrowRight')).toBe('GPU-32');
  expect(go('GPU-32', 'ArrowLeft')).toBe('GPU-7');
  expect(go('GPU-0', 'ArrowDown')).toBe('GPU-8');
  expect(go('GPU-24', 'ArrowDown')).toBe('GPU-64');
  expect(go('GPU-64', 'ArrowUp')).toBe('GPU-24');
  expect(go('GPU-0', 'ArrowLeft')).toBe('GPU-0');
  expect(go('GPU-0', 'ArrowUp')).toBe('GPU-0');
  expect(go('GPU-5', 'End')).toBe('GPU-127');
  expect(go('GPU-5', 'Home')).toBe('GPU-0');
  expect(go('nobody', 'ArrowDown')).toBe('GPU-0');
});
