import { readTickets } from '../../../../exporters/prediction/labels/tickets/read-tickets.ts';
import { ticketTime } from '../../../../exporters/prediction/labels/tickets/ticket-time.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { dayMs, gpu, hourMs, node, startMs } from '../fleet.ts';

const other = { kind: 'node', cluster: 'test', node: 'gpu-02', uuid: '' } as const;
const entities = [gpu('a'), gpu('b'), node('gpu-01'), node('gpu-02'), other];
const nowMs = startMs + 30 * dayMs;
const read = (...lines: readonly string[]) =>
  readTickets(['entity,start,end,kind', ...lines].join('\n'), { file: 'tickets.csv', entities, nowMs });
const problemOf = (line: string) => read(line).problems;

test('a GPU by its UUID, a node by its name, with and without an end', () => {
  const { signs, problems } = read(
    'GPU-a,2026-01-02,2026-01-03 12:00,memory',
    'gpu-01,2026-01-02T10:00:00+08:00,,',
    'test/gpu-02,1767312000,open,RMA',
  );
  expect(problems).toEqual([]);
  expect(signs).toEqual([
    {
      entity: gpu('a'),
      startMs: startMs + dayMs,
      endMs: startMs + 2.5 * dayMs,
      kind: 'ticket_memory',
      source: 'ticket',
    },
    {
      entity: node('gpu-01'),
      startMs: startMs + dayMs + 2 * hourMs,
      endMs: undefined,
      kind: 'ticket_unknown',
      source: 'ticket',
    },
    { entity: other, startMs: startMs + dayMs, endMs: Number.POSITIVE_INFINITY, kind: 'ticket_rma', source: 'ticket' },
  ]);
});

test('columns may stand in any order, with others among them, quoted, separated by semicolons and with any line ends', () => {
  const text = '\uFEFFKind;note;Entity;start;end\r\ngpu;"a; ""b""\nc";GPU-a;2026-01-02;\r\n\r\n;;GPU-x;2026-01-02;\r';
  const { signs, problems } = readTickets(text, { file: 'tickets.csv', entities, nowMs });
  expect(signs.map(({ kind }) => kind)).toEqual(['ticket_gpu']);
  expect(problems).toEqual([
    'tickets.csv:5: entity is "GPU-x", which is no UUID of a GPU and no name of a node that is known; the row is left out',
  ]);
});

test('tickets that are about no hardware are no failures', () => {
  expect(read('GPU-a,2026-01-02,,software', 'GPU-a,2026-01-02,,planned')).toEqual({ signs: [], problems: [] });
});

test.each([
  ['GPU-x,2026-01-02,,gpu', 'which is no UUID'],
  ['gpu-02,2026-01-02,,gpu', 'a name that more than one cluster has; write cluster/node'],
  ['GPU-a,yesterday,,gpu', 'start is "yesterday", not a time such as'],
  ['GPU-a,,,gpu', 'start is "", not a time'],
  ['GPU-a,2026-02-30,,gpu', 'start is "2026-02-30", not a time'],
  ['GPU-a,2026-01-02,2026-13-01,gpu', 'end is "2026-13-01"'],
  ['GPU-a,2026-01-02,2026-01-01,gpu', 'end 2026-01-01 is before start 2026-01-02'],
  ['GPU-a,2026-03-02,,gpu', 'start is of 2026-03-02T00:00:00.000Z, which is in the future'],
  ['GPU-a,2026-01-02,2026-03-02,gpu', 'end is of 2026-03-02T00:00:00.000Z, which is in the future'],
  ['GPU-a,1999-01-02,,gpu', 'before 2010'],
  ['GPU-a,2026-01-02,,gremlins', 'kind is "gremlins", not one of gpu, memory'],
  ['GPU-a,2026-01-02,,gpu,more', 'has 5 fields, but the header has 4'],
])('%s is left out and named by its line', (line, problem) => {
  const { signs, problems } = read('GPU-b,2026-01-02,,gpu', line);
  expect(signs.map(({ entity }) => entity)).toEqual([gpu('b')]);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('tickets.csv:3: ');
  expect(problems[0]).toContain(problem);
});

test('the same entity and start twice is one ticket', () => {
  const { signs, problems } = read('GPU-a,2026-01-02,,gpu', 'GPU-a,2026-01-02 00:00,,memory', 'GPU-b,2026-01-02,,gpu');
  expect(signs).toHaveLength(2);
  expect(problems).toEqual(['tickets.csv:3: entity and start are those of line 2; the row is left out']);
});

test('what is not such a file is refused', () => {
  const refused = (text: string) => () => readTickets(text, { file: 'tickets.csv', entities, nowMs });
  expect(refused('')).toThrow(new SourceError('tickets.csv is empty; its first line must be entity,start,end,kind'));
  expect(refused('entity,start,end\n')).toThrow(
    'tickets.csv:1: the first line must name each of entity, start, end, kind once; kind is not there',
  );
  expect(refused('entity,start,end,kind,kind\n')).toThrow('kind is not there, or twice');
  expect(refused('entity,start,end,kind\nGPU-a,"2026-01-02,,gpu\n')).toThrow(
    'tickets.csv:2: column start: the file ends within a quoted field',
  );
  expect(refused('entity,start,end,kind\nGPU-a,2026"x,,gpu\n')).toThrow(
    'tickets.csv:2: column start: a quote stands within',
  );
});

test('a file without tickets has none', () => {
  expect(problemOf('')).toEqual([]);
});

test.each([
  ['2026-01-01', 0],
  ['2026-01-01T01:00Z', hourMs],
  ['2026-01-01 01:00:00.5', hourMs + 500],
  ['2026-01-01T01:00-02:00', 3 * hourMs],
  ['2026-01-01t01:00z', hourMs],
  ['1767225600.5', 500],
  ['2026-01-01T25:00', undefined],
  ['2026-1-1', undefined],
  ['01/02/2026', undefined],
  ['12', undefined],
])('the time %s', (text, expected) => {
  expect(ticketTime(text)).toBe(expected === undefined ? undefined : startMs + expected);
});
