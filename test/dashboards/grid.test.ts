import { cells } from '../../dashboards/board.ts';
import { placeRows } from '../../dashboards/grid.ts';
import { panelId } from '../../dashboards/panel-id.ts';
import { panels } from './fake-board.ts';

const { figure, plain, list } = panels;

test('fills a line and starts the next below the highest panel', () => {
  const [row] = placeRows([{ title: 'R', cells: [...cells(12, figure), ...cells(8, plain), ...cells(12, list)] }]);
  expect(row?.at).toEqual({ x: 0, y: 0, w: 24, h: 1 });
  expect(row?.panels.map(({ at }) => at)).toEqual([
    { x: 0, y: 1, w: 12, h: 8 },
    { x: 12, y: 1, w: 8, h: 8 },
    { x: 0, y: 9, w: 12, h: 9 },
  ]);
});

test('a row begins below the one before it, and right below the heading of a collapsed one', () => {
  const rows = placeRows([
    { title: 'A', cells: cells(24, plain) },
    { title: 'B', collapsed: true, cells: cells(24, list) },
    { title: 'C', cells: cells(24, figure) },
  ]);
  expect(rows.map(({ at }) => at.y)).toEqual([0, 9, 10]);
  expect(rows[1]?.panels[0]?.at.y).toBe(10);
});

test('an id depends on the key alone, and is a positive whole number', () => {
  expect(panelId('gpu/up')).toBe(panelId('gpu/up'));
  expect(panelId('gpu/up')).not.toBe(panelId('gpu/down'));
  expect(panelId('')).toBeGreaterThan(0);
  expect(Number.isInteger(panelId('GPU · ×'))).toBe(true);
});
