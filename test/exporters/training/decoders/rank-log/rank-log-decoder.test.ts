import fc from 'fast-check';
import { createRankLogDecoder } from '../../../../../exporters/training/decoders/rank-log/rank-log-decoder.ts';
import { phaseOfSpan } from '../../../../../exporters/training/decoders/rank-log/rank-phase.ts';
import { fixture, told } from '../told.ts';

test('spans that end are phases of the rank, scalars those that a table knows', () => {
  const { decoder, calls, problems, records } = told(createRankLogDecoder);
  decoder.push(fixture('rank-log.jsonl'));
  decoder.settle(5);
  const at = (microsecond: number) => `"rank":11,"step":5,"timeSeconds":1772359200.25${microsecond}}`;
  expect(calls).toEqual([
    'framework torchtitan',
    `phaseTime {"phase":"data_loading","seconds":0.0145,${at(1)}`,
    `phaseTime {"phase":"forward_backward","seconds":0.81225,${at(3)}`,
    `phaseTime {"phase":"optimizer","seconds":0.031,${at(4)}`,
    `phaseTime {"phase":"gc_collect","seconds":0.004,${at(5)}`,
    'value tokens 163840 5 @1772359200.256',
    'settle 5',
  ]);
  expect(problems).toEqual([]);
  expect(records()).toBe(5);
});

test('names of spans are short and plain, and the whole step is no phase', () => {
  expect(phaseOfSpan('Optimizer')).toBe('optimizer');
  expect(phaseOfSpan('blocking "push"\n')).toBe('blocking_push_');
  expect(phaseOfSpan('x'.repeat(1000))).toHaveLength(64);
  expect(phaseOfSpan('step')).toBeUndefined();
});

test('lines that are no JSON are counted and hide nothing', () => {
  const { decoder, calls, problems } = told(createRankLogDecoder);
  const good = '{"log_type_name":"optim_end","value":1000,"rank":0}';
  const bad = [
    'hello',
    '{"log_type_name":"optim_end","value":',
    '[1]',
    '{"a" "optim_end"}',
    `{"x":"${'y'.repeat(70_000)}"}`,
  ];
  decoder.push(Buffer.from(`${bad.join('\n')}\n\n${good}\r\n`));
  expect(problems).toEqual(['bad_record', 'bad_record', 'bad_record', 'bad_record', 'too_long']);
  expect(calls).toEqual(['framework torchtitan', 'phaseTime {"phase":"optimizer","seconds":1,"rank":0}']);
});

test.each([
  '{"log_type_name":"optim_end","value":"12"}',
  '{"log_type_name":"optim_end","value":-1}',
  '{"log_type_name":"optim_end"}',
  '{"log_type_name":["optim_end"],"value":1}',
  '{"log_type_name":"_end","value":1}',
  '{"log_type_name":"metric_value","value":1}',
  '{"log_type_name":"metric_value","event_name":{},"value":1}',
])('%s tells nothing', (line) => {
  const { decoder, calls, problems } = told(createRankLogDecoder);
  decoder.push(Buffer.from(`${line}\n`));
  expect(calls).toEqual([]);
  expect(problems).toEqual([]);
});

test('steps, ranks and times that cannot be are left out', () => {
  const { decoder, calls } = told(createRankLogDecoder);
  decoder.push(Buffer.from('{"log_type_name":"a_end","value":1,"rank":1e9,"step":1.5,"time_us":-1}\n'));
  expect(calls[1]).toBe('phaseTime {"phase":"a","seconds":0.001}');
});

test('any bytes in any pieces give the same calls', () => {
  const lines = fixture('rank-log.jsonl');
  const bytes = fc
    .tuple(fc.nat(lines.length), fc.uint8Array({ maxLength: 30 }), fc.nat(60), fc.constantFrom('', '['.repeat(30_000)))
    .map(([at, added, gone, deep]) =>
      Buffer.concat([lines.subarray(0, at), added, Buffer.from(deep), lines.subarray(at + gone)]),
    );
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 500 }), (log, size) => {
      const whole = told(createRankLogDecoder);
      whole.decoder.push(log);
      const pieces = told(createRankLogDecoder);
      for (let at = 0; at < log.length; at += size) pieces.decoder.push(log.subarray(at, at + size));
      expect(pieces.calls).toEqual(whole.calls);
      expect(pieces.problems).toEqual(whole.problems);
    }),
  );
});

test('a line that is too long stays skipped after a restart', () => {
  const before = told(createRankLogDecoder);
  before.decoder.push(Buffer.alloc(70_000, 'x'));
  const after = told(createRankLogDecoder, { saved: before.decoder.save() });
  after.decoder.push(Buffer.from('{"log_type_name":"optim_end","value":1}\n{"log_type_name":"optim_end","value":2}\n'));
  expect(after.calls).toEqual(['framework torchtitan', 'phaseTime {"phase":"optimizer","seconds":0.002}']);
});
