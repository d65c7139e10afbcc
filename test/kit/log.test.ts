import fc from 'fast-check';
import { createLog, type LogFormat, type LogLevel, logLevels } from '../../kit/log.ts';

function logOf(format: LogFormat, level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLog({ level, format, daemon: 'gpu', write: (line) => void lines.push(line) });
  return { log, lines };
}

/** The fields of a logfmt line, as Grafana Loki and others read it. */
function readLogfmt(line: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  let rest = line;
  while (rest !== '') {
    const [whole, key, quoted, bare] = /^([^\s="]+)=(?:("(?:[^"\\]|\\.)*")|([^\s"=\\]+))(?: |\n$)/.exec(rest) ?? [];
    if (whole === undefined || key === undefined) throw new Error(`no logfmt: ${JSON.stringify(rest)}`);
    fields[key] = quoted === undefined ? (bare ?? '') : JSON.parse(quoted);
    rest = rest.slice(whole.length);
  }
  return fields;
}

describe('logfmt', () => {
  test('time and level come first, then message, daemon and fields', () => {
    const { log, lines } = logOf('logfmt');
    log.info('listening', { url: 'http://127.0.0.1:9400', count: 3, ok: true });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=info msg=listening daemon=gpu url=http:\/\/127\.0\.0\.1:9400 count=3 ok=true\n$/,
    );
  });

  test.each<[unknown, string]>([
    ['plain', 'plain'],
    ['', '""'],
    ['two words', '"two words"'],
    ['a="b"', '"a=\\"b\\""'],
    ['a\nlevel=error', '"a\\nlevel=error"'],
    ['C:\\x', '"C:\\\\x"'],
    ['überhitzt', 'überhitzt'],
    ['🔥', '🔥'],
    ['\u001b[31mred', '"\\u001b[31mred"'],
    ['\u007f\u009b', '"\\u007f\\u009b"'],
    ['\u202eabc', '"\\u202eabc"'],
    ['\ud800', '"\\ud800"'],
    [['a', 1], '"[\\"a\\",1]"'],
    [{ a: 1 }, '"{\\"a\\":1}"'],
    [null, 'null'],
    [Number.NaN, 'null'],
    [new Error('no way'), '"no way"'],
  ])('%p is written as %s', (value, text) => {
    const { log, lines } = logOf('logfmt');
    log.info('m', { value });
    expect(lines[0]).toMatch(/ daemon=gpu value=/);
    expect(lines[0]?.replace(/^.* value=/s, '')).toBe(`${text}\n`);
  });

  test('a field that is undefined is left out', () => {
    const { log, lines } = logOf('logfmt');
    log.info('m', { a: undefined, b: 1 });
    expect(lines[0]).toMatch(/ daemon=gpu b=1\n$/);
  });

  test('whatever the text, one line reads back as what went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (message, value) => {
        const { log, lines } = logOf('logfmt');
        log.warn(message, { value });
        expect(lines).toHaveLength(1);
        expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
        expect(readLogfmt(lines[0] ?? '')).toMatchObject({ level: 'warn', msg: message, daemon: 'gpu', value });
      }),
      { numRuns: 500 },
    );
  });
});

test('json is one object a line with the same fields', () => {
  const { log, lines } = logOf('json');
  log.error('broken\n"x"', { reason: new Error('no way'), xid: 79 });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.endsWith('}\n')).toBe(true);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    time: expect.stringMatching(/Z$/),
    level: 'error',
    msg: 'broken\n"x"',
    daemon: 'gpu',
    reason: 'no way',
    xid: 79,
  });
});

describe('levels', () => {
  test.each(logLevels.map((level, index) => [level, logLevels.slice(index)] as const))(
    '%s shows %j',
    (level, shown) => {
      const { log, lines } = logOf('json', level);
      for (const name of logLevels) log[name]('m');
      expect(lines.map((line) => JSON.parse(line).level)).toEqual(shown);
    },
  );

  test('can be changed while running', () => {
    const { log, lines } = logOf('json', 'warn');
    log.info('before');
    log.setLevel('debug');
    log.debug('between');
    log.setLevel('error');
    log.warn('after');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['between']);
  });
});
