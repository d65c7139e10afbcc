import fc from 'fast-check';
import type { KernelMessage, LogDecoder } from '../../../../../exporters/gpu/sources/kernel-log/kernel-message.ts';
import { createLogDecoder } from '../../../../../exporters/gpu/sources/kernel-log/log-decoder.ts';
import { longestLine } from '../../../../../exporters/gpu/sources/kernel-log/text-log.ts';

const xid = (code: number) => `NVRM: Xid (PCI:0000:01:00): ${code}, pid=1, name=a`;
const field = (name: string, value: string, length = Buffer.byteLength(value)) => {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([Buffer.from(`${name}\n`), size, Buffer.from(`${value}\n`)]);
};
const entry = (message: string, { transport = 'kernel', microseconds = 1_700_000_000_500_000 } = {}) =>
  `__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=${microseconds}\nPRIORITY=3\nMESSAGE=${message}\n_TRANSPORT=${transport}\n\n`;

function decode(decoder: LogDecoder, ...chunks: readonly (Buffer | string)[]): readonly KernelMessage[] {
  return chunks.flatMap((chunk) => decoder.push(Buffer.from(chunk)));
}

function texts(messages: readonly KernelMessage[]): readonly string[] {
  return messages.map(({ text }) => text);
}

describe('a text log', () => {
  test('gives the XID lines and waits for the end of the last', () => {
    const decoder = createLogDecoder();
    expect(texts(decode(decoder, `kernel: other\n${xid(31)}\r\nkernel: ${xid(79).slice(0, 20)}`))).toEqual([xid(31)]);
    expect(texts(decode(decoder, `${xid(79).slice(20)}\n`))).toEqual([xid(79)]);
  });

  test('gives a line without end when the log ends', () => {
    const decoder = createLogDecoder();
    expect(decode(decoder, `first\n${xid(79)}`)).toEqual([]);
    expect(texts(decoder.end())).toEqual([xid(79)]);
    expect(decoder.end()).toEqual([]);
  });

  test('skips the rest of the line in which it starts', () => {
    const decoder = createLogDecoder({ head: Buffer.from('kernel: first\n'), startsInLine: true });
    expect(texts(decode(decoder, `${xid(1)}\n${xid(2)}\n`))).toEqual([xid(2)]);
  });

  test('reads the beginning of a line that is too long, once, and skips the rest', () => {
    const decoder = createLogDecoder();
    const rest = 'x'.repeat(longestLine);
    expect(texts(decode(decoder, 'kernel: first\n', `${xid(79)}${rest}`))).toHaveLength(1);
    expect(decode(decoder, `${rest}kernel: ${xid(1)}`, rest)).toEqual([]);
    expect(texts(decode(decoder, `\n${xid(2)}\n`))).toEqual([xid(2)]);
  });
});

describe('the export format of the journal', () => {
  test('gives the messages of the kernel with their time', () => {
    expect(decode(createLogDecoder(), entry(xid(79)), entry('other'))).toEqual([
      { text: xid(79), unixSeconds: 1_700_000_000.5 },
      { text: 'other', unixSeconds: 1_700_000_000.5 },
    ]);
  });

  test('does not believe a program that says it', () => {
    expect(decode(createLogDecoder(), entry(xid(79), { transport: 'syslog' }))).toEqual([]);
  });

  test('reads a field that is not text, and passes over those that it does not need', () => {
    const log = Buffer.concat([
      Buffer.from('__CURSOR=s=1\n'),
      field('COREDUMP', `\n\nMESSAGE=${xid(1)}\n\n`),
      field('MESSAGE', xid(79)),
      Buffer.from('\n'),
    ]);
    expect(decode(createLogDecoder(), log)).toEqual([{ text: xid(79) }]);
  });

  test('goes on after a size that no journal has', () => {
    const log = Buffer.concat([Buffer.from('__CURSOR=s=1\n'), field('X', 'value', 2 ** 52), Buffer.from('\n')]);
    expect(texts(decode(createLogDecoder(), log, entry(xid(79))))).toEqual([xid(79)]);
  });

  test('goes on after a field that is too long', () => {
    const long = 'x'.repeat(3 * longestLine);
    const log = Buffer.concat([Buffer.from(`__CURSOR=s=1\nUNIT=${long}\n`), field('MESSAGE', `${xid(8)}${long}`)]);
    const messages = decode(createLogDecoder(), log, '\n', entry(xid(79)));
    expect(messages[0]?.text.length).toBeLessThanOrEqual(longestLine);
    expect(texts(messages).map((text) => text.slice(0, xid(8).length))).toEqual([xid(8), xid(79).slice(0, -1)]);
  });

  test('is known by its beginning where reading starts later', () => {
    const decoder = createLogDecoder({ head: Buffer.from(entry('first')) });
    expect(texts(decode(decoder, entry(xid(79))))).toEqual([xid(79)]);
  });
});

test.each([
  ['text', Buffer.from(`kernel: one\nMay 27 16:50:10 node kernel: ${xid(1)}\n[ 1.5] ${xid(2)}\n\n\n${xid(3)}\n`), 3],
  [
    'journal',
    Buffer.concat([
      Buffer.from(entry(xid(1))),
      field('_CMDLINE', 'a\nb'),
      field('MESSAGE', xid(2)),
      Buffer.from(`\n${entry(xid(3))}`),
    ]),
    3,
  ],
])('a %s log says the same in whatever pieces it comes', (_, log, count) => {
  const whole = decode(createLogDecoder(), log);
  expect(whole).toHaveLength(count);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
      const decoder = createLogDecoder();
      const messages: KernelMessage[] = [];
      // The same memory for each piece, as a reader gives it.
      const shared = Buffer.alloc(40);
      for (let at = 0, piece = 0; at < log.length; piece++) {
        const size = sizes[piece % sizes.length] ?? 1;
        messages.push(...decoder.push(shared.subarray(0, log.copy(shared, 0, at, at + size))));
        at += size;
      }
      expect(messages).toEqual(whole);
    }),
  );
});

test('garbage costs nothing but itself', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 600 })), fc.boolean(), (chunks, isJournal) => {
      const decoder = createLogDecoder(isJournal ? { head: Buffer.from('__CURSOR=1\n') } : {});
      for (const chunk of chunks) decoder.push(Buffer.from(chunk));
      for (const { text } of decoder.end()) expect(text.length).toBeLessThanOrEqual(longestLine);
    }),
  );
});
