import { parseExposition } from './exposition.ts';

test.each([
  ['text', 'a 1', 'does not end'],
  ['text', 'a 1\n', 'a sample without family'],
  ['text', '# TYPE a gauge\n# TYPE a gauge\na 1\n', 'given twice'],
  ['text', '# TYPE a gauge\na 1\n# HELP a x\n', 'metadata after samples'],
  ['text', '# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\n', 'the family comes twice'],
  ['text', '# TYPE a gauge\na 1\na 2\n', 'the series comes twice'],
  ['text', '# TYPE a gauge\na{x="1",y="2"} 1\na{y="2",x="1"} 2\n', 'the series comes twice'],
  ['text', '# TYPE a gauge\nb 1\n', 'does not belong to a'],
  ['text', '# TYPE a info\na 1\n', 'no such type'],
  ['text', '# TYPE a gauge\na{x="1"y="2"} 1\n', 'bad labels'],
  ['text', '# TYPE a gauge\na{x="1",} 1\n', 'bad labels'],
  ['text', '# TYPE a gauge\na{x="\\t"} 1\n', 'bad escape'],
  ['text', '# TYPE a gauge\na{x="1",x="2"} 1\n', 'label x comes twice'],
  ['text', '# TYPE a gauge\na Infinity\n', 'no number'],
  ['text', '# TYPE a gauge\n# UNIT a s\na 1\n', 'units are for OpenMetrics'],
  ['openmetrics', '# TYPE a gauge\na 1\n', 'does not end'],
  ['openmetrics', '# TYPE a gauge\n\na 1\n# EOF\n', 'has an empty line'],
  ['openmetrics', '# TYPE a counter\na 1\n# EOF\n', 'does not belong to a'],
  ['openmetrics', '# TYPE a info\na 1\n# EOF\n', 'does not belong to a'],
  ['openmetrics', '# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n', 'the name does not end with the unit'],
] as const)('%s: %j is refused: %s', (format, text, reason) => {
  expect(() => parseExposition(format, text)).toThrow(reason);
});

test('what is right is taken apart', () => {
  const text =
    '# HELP a_seconds x\\ny\n# TYPE a_seconds gauge\n# UNIT a_seconds seconds\na_seconds{x="\\"\\\\\\n"} +Inf\n';
  expect([...parseExposition('openmetrics', `${text}# EOF\n`)]).toEqual([
    [
      'a_seconds',
      {
        type: 'gauge',
        help: 'x\ny',
        unit: 'seconds',
        samples: [{ name: 'a_seconds', labels: { x: '"\\\n' }, value: '+Inf' }],
      },
    ],
  ]);
});
