import fc from 'fast-check';
import { maxLineBytes } from '../../../../../exporters/training/decoders/log/line-splitter.ts';
import { createLogDecoder } from '../../../../../exporters/training/decoders/log/log-decoder.ts';
import { fixture, type Told, told } from '../told.ts';

const line = 'steps: 20 loss: 2.5 iter time (s): 1.25 samples/sec: 100.0';
const names = [
  'megatron.log',
  'torchtitan.log',
  'huggingface-4.log',
  'huggingface-5.log',
  'nemo-1.log',
  'nemo-2.log',
  'deepspeed.log',
  'deepspeed-pipeline.log',
  'kubernetes.log',
  'docker.log',
];

function push(text: string, log: Told = told(createLogDecoder)): Told {
  log.decoder.push(Buffer.from(text));
  return log;
}

describe('lines', () => {
  test.each(['\n', '\r\n', '\r'])('end with %j', (end) => {
    expect(push(`${line}${end}${line}${end}`).records()).toBe(2);
  });

  test('one that is not complete is waited for, and read again after a restart', () => {
    const log = push(`${line}\n${line}`);
    expect(log.records()).toBe(1);
    expect(log.decoder.pendingBytes()).toBe(line.length);
    expect(push('\n', log).records()).toBe(2);
    expect(log.decoder.pendingBytes()).toBe(0);
  });

  test('one that is too long is skipped and counted once, without being kept', () => {
    const log = told(createLogDecoder);
    for (let piece = 0; piece < 64; piece++) push('x'.repeat(32 * 1024), log);
    expect(log.decoder.pendingBytes()).toBe(0);
    push(`${line}\n${line}\n`, log);
    expect(log.problems).toEqual(['too_long']);
    expect(log.records()).toBe(1);
  });

  test('one that is just not too long is read', () => {
    const fitting = `${'x'.repeat(maxLineBytes - line.length - 1)} ${line}`;
    expect(push(`${fitting}\n`).records()).toBe(1);
    expect(push(`x${fitting}\n`).problems).toEqual(['too_long']);
  });

  test('what is skipped stays skipped after a restart', () => {
    const before = push('x'.repeat(maxLineBytes + 1));
    const log = told(createLogDecoder, { saved: before.decoder.save() });
    expect(push(`${line}\n${line}\n`, log).records()).toBe(1);
  });

  test('a bar of a megabyte is looked at part by part', () => {
    const bar = Array.from({ length: 20_000 }, (_, step) => `\r 56%|#####5    | ${step}/20000 [00:05<00:04, 1.85it/s]`);
    const log = push(`${bar.join('')}\r{'loss': 1.5, 'epoch': 0.9}\n`);
    expect(log.problems).toEqual([]);
    expect(log.calls).toContain('value loss 1.5 19999');
  });

  test('bytes that are no UTF-8 hide nothing', () => {
    const log = told(createLogDecoder);
    log.decoder.push(Buffer.concat([Buffer.from([0xff, 0xc3, 0x28, 0x80, 0x00]), Buffer.from(`${line}\n`)]));
    expect(log.records()).toBe(1);
  });

  test('names that are no ASCII are whole', () => {
    const saved: string[] = [];
    const log = told(createLogDecoder, {
      tags: { resolve: (tag) => void saved.push(tag), isAllowed: () => true },
    });
    push("{'épreuve/ß': 1.5, 'epoch': 1.0}\n", log);
    expect(log.calls).toContain('scalar train/épreuve/ß 1.5');
    expect(saved).toEqual(['train/épreuve/ß', 'train/epoch']);
  });
});

describe('time', () => {
  const megatron = (clock: string) =>
    ` [${clock}] iteration 5/ 10 | lm loss: 1.0E+00 | number of nan iterations: 0 |\n`;
  const at = Date.UTC(2026, 2, 1, 10, 0, 0) / 1000;

  test('without a zone it counts once lines are seen to be as late as the reader', () => {
    const log = push(megatron('2026-03-01 10:00:00.500000'));
    log.decoder.settle(at + 2);
    push(megatron('2026-03-01 10:00:07.500000'), log);
    const losses = log.calls.filter((call) => call.startsWith('value loss'));
    expect(losses).toEqual(['value loss 1 5', `value loss 1 5 @${at + 7.5}`]);
  });

  test.each(['2026-03-01 18:00:00.5', '2026-03-01 09:45:00,500'])('of another zone, %s, it never counts', (clock) => {
    const log = push(megatron(clock));
    log.decoder.settle(at + 2);
    push(megatron(clock), log);
    expect(log.calls.filter((call) => call.includes('@'))).toEqual([]);
  });

  test('what was found stays through a restart and while old data are caught up with', () => {
    const before = push(megatron('2026-03-01 10:00:00'));
    before.decoder.settle(at);
    const log = told(createLogDecoder, { saved: JSON.parse(JSON.stringify(before.decoder.save())) });
    push(megatron('2026-03-01 03:00:00'), log);
    log.decoder.settle(undefined);
    push(megatron('2026-03-01 03:00:01'), log);
    expect(log.calls.filter((call) => call.startsWith('value loss'))).toEqual([
      `value loss 1 5 @${at - 7 * 3600}`,
      `value loss 1 5 @${at - 7 * 3600 + 1}`,
    ]);
  });

  test('with a zone it counts at once', () => {
    expect(push(megatron('2026-03-01T12:00:00.25+02:00')).calls).toContain(`value loss 1 5 @${at + 0.25}`);
    expect(push(megatron('2026-03-01T10:00:00Z')).calls).toContain(`value loss 1 5 @${at}`);
  });

  test.each(['2026-13-01 10:00:00', '1970-01-01 10:00:00', '2026-03-01 99:00:00Z', '2026-03-01 10:00:xx'])(
    '%s is none',
    (clock) => {
      expect(push(megatron(clock)).calls).toContain('value loss 1 5');
    },
  );

  test('settle is passed on', () => {
    const log = told(createLogDecoder);
    log.decoder.settle(undefined);
    log.decoder.settle(12);
    expect(log.calls).toEqual(['settle undefined', 'settle 12']);
  });
});

describe('containers', () => {
  const at = Date.UTC(2026, 2, 1, 10, 0, 0) / 1000;

  test('Kubernetes: the time of the runtime, and parts of a line joined for each stream', () => {
    const log = push(fixture('kubernetes.log').toString());
    expect(log.calls.slice(0, 3)).toEqual([
      'framework nemo',
      `value max_steps 249 1 @${at + 4.25}`,
      `value epoch 0 1 @${at + 4.25}`,
    ]);
    expect(log.calls).toContain(`value loss 1.653 1 @${at + 4.25}`);
  });

  test('Docker: a JSON object each line, parts of a line joined', () => {
    const log = push(fixture('docker.log').toString());
    expect(log.calls.filter((call) => call.startsWith('value loss'))).toEqual([
      `value loss 2.3456 20 @${at + 1.5}`,
      `value loss 2.2456 30 @${at + 2.5}`,
    ]);
  });

  test('a bar within one line of the runtime keeps its time', () => {
    const log = push("2026-03-01T10:00:00Z stderr F  56%|#5  | 10/18 [00:05<00:04]\r{'loss': 1.5, 'epoch': 0.9}\n");
    expect(log.calls).toContain(`value loss 1.5 10 @${at}`);
  });

  test('parts that never end are not kept', () => {
    const log = told(createLogDecoder);
    for (let part = 0; part < 40; part++) push(`2026-03-01T10:00:00Z stdout P ${'x'.repeat(16_384)}\n`, log);
    push(`2026-03-01T10:00:00Z stdout F ${line}\n2026-03-01T10:00:00Z stdout F ${line}\n`, log);
    expect(log.problems).toEqual(['too_long']);
    expect(log.records()).toBe(1);
  });
});

describe('what was saved', () => {
  test('holds the bar, so that the next line has its step', () => {
    const before = push(
      " 56%|#####5    | 10/18 [00:05<00:04]\r{'loss': 2.0, 'epoch': 0.5}\n 61%|######1   | 11/18 [00:05<00:04]\r",
    );
    const log = told(createLogDecoder, { saved: JSON.parse(JSON.stringify(before.decoder.save())) });
    expect(push("{'eval_loss': 1.5, 'epoch': 0.6}\n", log).calls).toEqual([
      'framework huggingface',
      'value eval_loss 1.5 11',
    ]);
  });

  test('a bar beyond its end is none', () => {
    const log = told(createLogDecoder, { saved: { trainingBar: { step: 9, total: 8 } } });
    expect(push("{'eval_loss': 1.5, 'epoch': 0.6}\n", log).calls).toContain('value eval_loss 1.5 -');
  });

  test('is made sense of whatever it is', () => {
    const damaged = fc.oneof(
      fc.anything(),
      fc.record({ framework: fc.anything(), bar: fc.anything(), step: fc.anything(), skipped: fc.anything() }),
      fc.record({ bar: fc.record({ step: fc.double(), total: fc.double() }), isSkipping: fc.anything() }),
    );
    fc.assert(
      fc.property(damaged, (saved) => {
        const log = told(createLogDecoder, { saved });
        push(`\n${line}\n{'loss': 1.0, 'epoch': 1.0}\n`, log);
        expect(log.records()).toBe(2);
      }),
    );
  });
});

test('lines made to be tried again and again take no longer than others', () => {
  const hostile = [
    'Epoch 1:1%|',
    'Epoch 1: 1%|#| 1/2 [',
    'validation loss at iteration 1',
    'validation loss at iteration 1 | a ',
    'successfully loaded checkpoint from ',
    'steps: 1 loss: 1 ',
    'global_step=1, SamplesPerSec=1',
    "{'a': '",
    "{'a': 1, ",
    'step: 1 ',
    'step: 1 loss: 1 tps: ',
    ' iteration 1/ 1 | a: ',
    'MnRtt/Rnk: 1',
    '\u001b[',
    '\u001b]',
    '0: [a]: (b) ',
    ' 1%|',
    '| ',
    'a ',
  ];
  for (const part of hostile) {
    const text = `${part.repeat(Math.floor((maxLineBytes - 100) / part.length))} reduced_train_loss= iter time (s): %|\n`;
    const log = told(createLogDecoder);
    for (let round = 0; round < 20; round++) {
      push(text, log);
      push(`validation loss at iteration 1 | ${text.slice(0, -40)}\n`, log);
    }
    expect(log.problems).toEqual([]);
  }
});

describe('any bytes', () => {
  const fragment = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('\n', '\r', '\u001b[31m', '\u001b[', '\u001b]', '2026-03-01T10:00:00Z stdout P ', '{"log":"')
      .map(Buffer.from),
    fc.constantFrom(...names).map(fixture),
    fc
      .tuple(fc.constantFrom(...names), fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 4 }))
      .map(([name, from, to, bytes]) => mutated(fixture(name), from, to, bytes)),
  );
  const log = fc.array(fragment, { maxLength: 6 }).map((parts) => Buffer.concat(parts));

  test('give the same calls in any pieces, and never throw', () => {
    fc.assert(
      fc.property(log, fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }), (bytes, sizes) => {
        const whole = told(createLogDecoder);
        whole.decoder.push(bytes);
        const pieces = told(createLogDecoder);
        for (let at = 0, index = 0; at < bytes.length; index++) {
          const size = sizes[index % sizes.length] ?? 1;
          // A piece is valid during the call only.
          const piece = Buffer.from(bytes.subarray(at, at + size));
          pieces.decoder.push(piece);
          piece.fill(0);
          at += size;
        }
        expect(pieces.calls).toEqual(whole.calls);
        expect(pieces.problems).toEqual(whole.problems);
        expect(pieces.records()).toBe(whole.records());
        expect(pieces.decoder.pendingBytes()).toBe(whole.decoder.pendingBytes());
        expect(pieces.decoder.save()).toEqual(whole.decoder.save());
      }),
      { numRuns: 300 },
    );
  });

  test('never tell a step that is no whole number', () => {
    fc.assert(
      fc.property(log, (bytes) => {
        const { decoder, calls } = told(createLogDecoder);
        decoder.push(bytes);
        for (const call of calls) {
          if (call.startsWith('value')) expect(call).toMatch(/^value [a-z_]+ \S+ (-|\d+)( @\d+(\.\d+)?)?$/);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function mutated(bytes: Buffer, from: number, to: number, replacement: Uint8Array): Buffer {
  const start = from % bytes.length;
  const end = Math.min(bytes.length, start + (to % 40));
  return Buffer.concat([bytes.subarray(0, start), replacement, bytes.subarray(end)]);
}
