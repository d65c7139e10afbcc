import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileWatch, fileSignature } from '../../../kit/http/file-watch.ts';

describe('a watch', () => {
  let files: Record<string, string>;
  let changes: number;

  function watchOf(names: readonly string[], onChange = () => undefined) {
    const watch = createFileWatch({
      signatureOf: (file) => files[file] ?? 'missing',
      everyMs: 1000,
      onChange: () => {
        changes++;
        watch.restart(names);
        onChange();
      },
    });
    watch.restart(names);
    watch.start();
    return watch;
  }

  beforeEach(() => {
    jest.useFakeTimers();
    files = { a: '1', b: '1' };
    changes = 0;
  });

  afterEach(() => jest.useRealTimers());

  test('is silent while nothing changes', () => {
    watchOf(['a', 'b']);
    jest.advanceTimersByTime(60_000);
    expect(changes).toBe(0);
  });

  test('tells a change once, when it has lasted for one more look', () => {
    watchOf(['a', 'b']);
    files['b'] = '2';
    jest.advanceTimersByTime(1000);
    expect(changes).toBe(0);
    jest.advanceTimersByTime(1000);
    expect(changes).toBe(1);
    jest.advanceTimersByTime(60_000);
    expect(changes).toBe(1);
  });

  test('waits while files go on changing', () => {
    watchOf(['a', 'b']);
    for (let turn = 2; turn < 10; turn++) {
      files['a'] = String(turn);
      jest.advanceTimersByTime(1000);
    }
    expect(changes).toBe(0);
    jest.advanceTimersByTime(1000);
    expect(changes).toBe(1);
  });

  test('a change that is taken back is none', () => {
    watchOf(['a']);
    files['a'] = '2';
    jest.advanceTimersByTime(1000);
    files['a'] = '1';
    jest.advanceTimersByTime(60_000);
    expect(changes).toBe(0);
  });

  test('sees files go and come', () => {
    watchOf(['a', 'later']);
    delete files['a'];
    jest.advanceTimersByTime(2000);
    files['later'] = '1';
    jest.advanceTimersByTime(2000);
    expect(changes).toBe(2);
  });

  test('a file that is added is followed from then on', () => {
    const watch = watchOf(['a']);
    files['b'] = '2';
    watch.add(['a', 'b']);
    jest.advanceTimersByTime(5000);
    expect(changes).toBe(0);
    files['b'] = '3';
    jest.advanceTimersByTime(5000);
    expect(changes).toBe(1);
  });

  test('adding a file again does not swallow its change', () => {
    const watch = watchOf(['a']);
    files['a'] = '2';
    watch.add(['a']);
    jest.advanceTimersByTime(2000);
    expect(changes).toBe(1);
  });

  test('ends', () => {
    const watch = watchOf(['a']);
    watch.stop();
    files['a'] = '2';
    jest.advanceTimersByTime(60_000);
    expect(changes).toBe(0);
  });
});

describe('a signature', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fleetlens-watch-'));
    file = join(folder, 'cert.pem');
    writeFileSync(file, 'one');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test('is the same for a file that stays the same', () => {
    expect(fileSignature(file)).toBe(fileSignature(file));
  });

  test.each([
    ['written anew', () => writeFileSync(file, 'other')],
    ['removed', () => rmSync(file)],
    [
      'replaced by one of the same size',
      () => {
        writeFileSync(`${file}.new`, 'two');
        renameSync(`${file}.new`, file);
      },
    ],
  ])('is another for a file that was %s', (_, change) => {
    const before = fileSignature(file);
    change();
    expect(fileSignature(file)).not.toBe(before);
  });

  test('follows the links with which Kubernetes swaps a secret', () => {
    writeFileSync(join(folder, 'first'), 'one');
    writeFileSync(join(folder, 'second'), 'two');
    const link = join(folder, 'link');
    symlinkSync('first', link);
    const before = fileSignature(link);
    symlinkSync('second', `${link}.new`);
    renameSync(`${link}.new`, link);
    expect(fileSignature(link)).not.toBe(before);
  });
});
