import fc from 'fast-check';
import { createEventSplitter, type EventFraming } from '../../../../exporters/inference/dialects/event-splitter.ts';

function split(framing: EventFraming, pieces: readonly Buffer[]): { readonly events: string[]; readonly rest: string } {
  const splitter = createEventSplitter(framing);
  const events: string[] = [];
  for (const piece of pieces) splitter.push(piece, (event) => events.push(event.toString('utf8')));
  return { events, rest: splitter.takePending().toString('utf8') };
}

/** Cut wherever the network likes. */
function cutAt(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...cuts].map((start, index) => bytes.subarray(start, cuts[index] ?? bytes.length));
}

const stream =
  'data: {"a":"wört ✓"}\n\n: comment\n\nevent: x\r\ndata: 1\r\n\r\ndata: two\ndata: lines\n\n\n\r\n\r\ndata: [DONE]\n\nrest ü';

test('an empty line ends an event, with either line end', () => {
  expect(split('sse', [Buffer.from(stream)])).toEqual({
    events: [
      'data: {"a":"wört ✓"}\n\n',
      ': comment\n\n',
      'event: x\r\ndata: 1\r\n\r\n',
      'data: two\ndata: lines\n\n',
      '\n',
      '\r\n',
      '\r\n',
      'data: [DONE]\n\n',
    ],
    rest: 'rest ü',
  });
});

test('every line of NDJSON is one', () => {
  expect(split('ndjson', [Buffer.from('{"a":1}\n\n{"b":2}\r\n{"c"')])).toEqual({
    events: ['{"a":1}\n', '\n', '{"b":2}\r\n'],
    rest: '{"c"',
  });
});

test('it does not matter where the bytes are cut', () => {
  const bytes = Buffer.from(stream);
  fc.assert(
    fc.property(fc.array(fc.nat(500), { maxLength: 40 }), fc.constantFrom('sse', 'ndjson'), (places, framing) => {
      expect(split(framing, cutAt(bytes, places))).toEqual(split(framing, [bytes]));
    }),
  );
});

test('all bytes come out, whatever comes in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.constantFrom(10, 13, 65, 0xc3), { maxLength: 8 }), { maxLength: 20 }),
      fc.constantFrom('sse', 'ndjson'),
      (pieces, framing) => {
        const buffers = pieces.map((piece) => Buffer.from(piece));
        const splitter = createEventSplitter(framing);
        const out: Buffer[] = [];
        for (const piece of buffers) splitter.push(piece, (event) => out.push(Buffer.from(event)));
        expect(splitter.pendingBytes()).toBe(Buffer.concat(buffers).length - Buffer.concat(out).length);
        out.push(splitter.takePending());
        expect(Buffer.concat(out)).toEqual(Buffer.concat(buffers));
        expect(splitter.pendingBytes()).toBe(0);
      },
    ),
  );
});
