import { renderBoard, renderBoards } from '../../dashboards/render.ts';
import { parseBoard } from '../laws/board-json.ts';
import { isStaleRevision } from '../laws/dashboard-rules.ts';
import { fakeBoard } from './fake-board.ts';

const first = renderBoard(fakeBoard(), undefined);
const changed = fakeBoard({ title: 'Changed' });

function revision(text: string): unknown {
  return parseBoard(text).revision;
}

test('a new board has revision 1', () => {
  expect(revision(first)).toBe(1);
});

test('an unchanged board keeps its file, revision included', () => {
  expect(renderBoard(fakeBoard(), first)).toBe(first);
  const seventh = first.replace('"revision": 1', '"revision": 7');
  expect(renderBoard(fakeBoard(), seventh)).toBe(seventh);
});

test('a changed board has the next revision, once', () => {
  const second = renderBoard(changed, first);
  expect(revision(second)).toBe(2);
  expect(renderBoard(changed, second)).toBe(second);
  expect(isStaleRevision(parseBoard(first), parseBoard(second))).toBe(false);
});

test('layout of the file is no change of the board', () => {
  expect(renderBoard(fakeBoard(), JSON.stringify(JSON.parse(first)))).toBe(first);
});

test.each([
  ['<<<<<<< HEAD', 'fleetlens-test is not JSON: restore it'],
  ['{}', 'fleetlens-test has no integer "revision": restore it'],
  ['{"revision": "2"}', 'no integer "revision"'],
])('says what to do about a broken file: %s', (text, message) => {
  expect(() => renderBoard(fakeBoard(), text)).toThrow(message);
});

test('names files after the uid and refuses two of one name', () => {
  expect([...renderBoards([fakeBoard()], new Map()).keys()]).toEqual(['test.json']);
  expect(() => renderBoards([fakeBoard(), changed], new Map())).toThrow('two boards have the uid fleetlens-test');
});

test('gives the same bytes each time', () => {
  expect(renderBoard(fakeBoard(), undefined)).toBe(first);
});
