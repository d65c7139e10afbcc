import { createProgressBar } from '../../../cli/api-client/progress-bar.ts';

function barAt({ isTerminal = true, isUnicode = false, secondsPerLine = 10 } = {}) {
  let now = 0;
  const written: string[] = [];
  const clock = { now: () => now, monotonic: () => now };
  const bar = createProgressBar({
    clock,
    isTerminal,
    isUnicode,
    secondsPerLine,
    write: (text) => void written.push(text),
  });
  return {
    bar,
    written,
    advance: (seconds: number): void => {
      now += seconds;
    },
  };
}

test('it says how far it is, and from what was done meanwhile how long it will take', () => {
  const { bar, written, advance } = barAt();
  bar.show(100, 1100, 'windows');
  advance(10);
  bar.show(350, 1100, 'windows');
  expect(written).toEqual([
    '\r\x1b[K[##----------------------]   9 % 100 of 1,100 windows',
    '\r\x1b[K[#######-----------------]  31 % 350 of 1,100 windows, 30 s left',
  ]);
  bar.end();
  expect(written.at(-1)).toBe('\r\x1b[K');
});

test('100 % is all of it, also of nothing', () => {
  const { bar, written } = barAt({ isUnicode: true });
  bar.show(9999, 10_000, 'bills');
  bar.show(0, 0, 'bills');
  expect(written[0]).toMatch(/█░\] {2}99 % 9,999 of 10,000 bills$/);
  expect(written[1]).toMatch(/█\] 100 % 0 of 0 bills$/);
});

test('in a log there is a line now and then, and none for what is soon done', () => {
  const { bar, written, advance } = barAt({ isTerminal: false });
  bar.show(0, 40, 'bills');
  advance(9);
  bar.show(1, 40, 'bills');
  bar.end();
  expect(written).toEqual([]);
  advance(1);
  bar.show(2, 40, 'bills');
  advance(9.5);
  bar.show(3, 40, 'bills');
  advance(1);
  bar.wait('waiting');
  bar.end();
  expect(written).toEqual(['5 % 2 of 40 bills, 3 min 10 s left\n', 'waiting, 20 s\n']);
});

test('a log has as many lines as are asked for', () => {
  const { bar, written, advance } = barAt({ isTerminal: false, secondsPerLine: 5 });
  for (const done of [1, 2, 3, 4]) {
    advance(3);
    bar.show(done, 4, 'alerts');
  }
  expect(written).toEqual(['50 % 2 of 4 alerts, 6 s left\n', '100 % 4 of 4 alerts\n']);
});

test('where nobody knows how far it is, it says for how long', () => {
  const { bar, written, advance } = barAt();
  bar.wait('reckoning');
  advance(75.9);
  bar.wait('reckoning');
  bar.end();
  expect(written).toEqual(['\r\x1b[Kreckoning, 0 s', '\r\x1b[Kreckoning, 1 min 15 s', '\r\x1b[K']);
});
