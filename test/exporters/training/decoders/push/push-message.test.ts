import fc from 'fast-check';
import { PushError } from '../../../../../exporters/training/decoders/push/push-error.ts';
import { parsePush } from '../../../../../exporters/training/decoders/push/push-message.ts';

const now = 1_700_000_000;

function faultOf(message: unknown): string {
  try {
    parsePush(typeof message === 'string' ? message : JSON.stringify(message), now);
  } catch (error) {
    if (error instanceof PushError) return error.message;
    throw error;
  }
  return 'none';
}

const inRecord = (record: unknown) => ({ run: 'exp1', records: [{ step: 1 }, record] });

test('a message with all that it may hold', () => {
  const record = {
    step: 100,
    time: now - 3,
    session_start: 90,
    values: { loss: 1.5, grad_norm: 'NaN', eval_loss: null, 'my/tag': '-Infinity' },
    loss_missing: true,
    phases: [
      { phase: 'forward', seconds: [0.1, 0.2], rank: 3, memory_delta_bytes: -4096 },
      { phase: 'backward', seconds: 0.3 },
    ],
    checkpoint: { step: 99, outcome: 'failed' },
    alive: true,
    enter: 'failed',
    exit_code: 137,
  };
  const origin = { job_id: '77', host: 'node1', namespace: 'ml', pod: 'train-0' };
  const message = { version: 1, run: 'exp1', ...origin, framework: 'nemo', records: [record] };
  expect(parsePush(JSON.stringify(message), now)).toEqual({
    origin: { run: 'exp1', jobId: '77', host: 'node1', namespace: 'ml', pod: 'train-0' },
    framework: 'nemo',
    records: [
      {
        step: 100,
        timeSeconds: now - 3,
        session: { step: 90 },
        values: [
          ['loss', 1.5],
          ['grad_norm', Number.NaN],
          ['my/tag', -Infinity],
        ],
        isLossMissing: true,
        phases: [
          { phase: 'forward', seconds: [0.1, 0.2], rank: 3, memoryDeltaBytes: -4096 },
          { phase: 'backward', seconds: [0.3], rank: undefined, memoryDeltaBytes: undefined },
        ],
        checkpoint: { step: 99, outcome: 'failed' },
        alive: true,
        enter: 'failed',
        exitCode: 137,
      },
    ],
  });
});

test('what is left out is not there, and null is as if left out', () => {
  const empty = {
    ...Object.fromEntries(['step', 'time', 'session_start', 'values', 'phases'].map((key) => [key, null])),
  };
  const message = { run: 'exp1', job_id: null, host: '', records: [{}, empty] };
  const { origin, framework, records } = parsePush(JSON.stringify(message), now);
  expect(origin).toEqual({ run: 'exp1', jobId: '', host: '', namespace: '', pod: '' });
  expect(framework).toBe('custom');
  expect(records[0]).toEqual(records[1]);
  expect(records[0]).toEqual({
    step: undefined,
    timeSeconds: undefined,
    session: undefined,
    values: [],
    isLossMissing: false,
    phases: [],
    checkpoint: undefined,
    alive: undefined,
    enter: undefined,
    exitCode: undefined,
  });
  expect(parsePush('{"run":"a","framework":null,"records":[]}', now).framework).toBeUndefined();
});

test.each([
  [[], 'the message must be an object, got []'],
  ['{"run":', 'the body is no JSON: '],
  [{ records: [] }, 'run must be a text of 1 to 256 characters without control characters, got undefined'],
  [{ run: '', records: [] }, 'run must be a text of 1 to 256 characters'],
  [{ run: 'x'.repeat(257), records: [] }, 'run must be a text of 1 to 256 characters'],
  [{ run: 'a\nb', records: [] }, 'without control characters, got "a\\nb"'],
  [{ run: '\ud800', records: [] }, 'run must be a text of 1 to 256 characters'],
  [{ run: 'a', records: [], host: 'h\u0000' }, 'host must be a text of 1 to 256 characters'],
  [{ run: 'a', records: [], version: 2 }, 'version must be 1, got 2'],
  [{ run: 'a', records: [], jobid: '7' }, 'jobid is no field; allowed are version, run, job_id,'],
  [{ run: 'a', records: [], framework: 'jax' }, 'framework must be one of huggingface, lightning,'],
  [{ run: 'a', records: {} }, 'records must be a list, got keys and values'],
  [{ run: 'a', records: Array(5001).fill({}) }, 'records must have at most 5000 items, got 5001'],
  [inRecord(7), 'records[1] must be an object, got 7'],
  [inRecord({ valeus: {} }), 'records[1].valeus is no field; allowed are step, time,'],
  [inRecord({ 'a\nb': {} }), 'records[1]["a\\nb"] is no field'],
  [inRecord({ step: 1.5 }), 'records[1].step must be a whole number from 0, got 1.5'],
  [inRecord({ step: -1 }), 'records[1].step must be a whole number from 0'],
  [inRecord({ step: 2 ** 60 }), 'records[1].step must be a whole number from 0'],
  [inRecord({ step: '5' }), 'records[1].step must be a whole number from 0, got "5"'],
  [
    inRecord({ time: now - 90_000 }),
    `records[1].time must be Unix time in seconds within a day of ${now}, which is now`,
  ],
  [inRecord({ time: now + 90_000 }), 'records[1].time must be Unix time in seconds within a day of'],
  [inRecord({ time: now * 1000 }), 'records[1].time must be Unix time in seconds within a day of'],
  [inRecord({ session_start: false }), 'records[1].session_start must be a whole number from 0'],
  [inRecord({ values: [1] }), 'records[1].values must be an object'],
  [
    inRecord({ values: { loss: '1.5' } }),
    'records[1].values.loss must be a number, "NaN", "Infinity", "-Infinity" or null, got "1.5"',
  ],
  [inRecord({ values: { 'a"b': true } }), 'records[1].values["a\\"b"] must be a number'],
  [inRecord({ values: { '': 1 } }), 'records[1].values must be names of 1 to 256 characters'],
  [inRecord({ values: { 'a\u2028': 1 } }), 'records[1].values must be names of 1 to 256 characters'],
  [inRecord({ loss_missing: 1 }), 'records[1].loss_missing must be true or false, got 1'],
  [
    inRecord({ phases: [{ phase: 'forward' }] }),
    'records[1].phases[0].seconds must be a finite number from 0, got undefined',
  ],
  [
    inRecord({ phases: [{ phase: 'a', seconds: [1, -1] }] }),
    'records[1].phases[0].seconds[1] must be a finite number from 0',
  ],
  [
    inRecord({ phases: [{ phase: 'x'.repeat(65), seconds: 1 }] }),
    'records[1].phases[0].phase must be a text of 1 to 64',
  ],
  [
    inRecord({ phases: [{ phase: 'a', seconds: 1, rank: -1 }] }),
    'records[1].phases[0].rank must be a whole number from 0',
  ],
  [
    inRecord({ checkpoint: { outcome: 'ok' } }),
    'records[1].checkpoint.outcome must be one of complete, failed, got "ok"',
  ],
  [inRecord({ enter: 'sleeping' }), 'records[1].enter must be one of starting, training,'],
  [inRecord({ enter: 'failed', exit_code: 256 }), 'records[1].exit_code must be a whole number from 0 to 255, got 256'],
  [
    inRecord({ enter: 'training', exit_code: 1 }),
    'records[1].exit_code needs enter to be finished, failed or restarting',
  ],
  ['{"run":"a","records":[{"time":NaN}]}', 'records[0].time must be a finite number from 0, got "NaN"'],
  ['{"run":"a","records":[{"step":1e999}]}', 'records[0].step must be a whole number from 0'],
])('%j is refused', (message, fault) => {
  expect(faultOf(message)).toContain(fault);
});

test('no fault is longer than a few lines or has control characters in it, whatever was sent', () => {
  fc.assert(
    fc.property(fc.json(), fc.string({ unit: 'binary' }), (json, text) => {
      for (const message of [
        json,
        text,
        { run: text, records: [] },
        inRecord(JSON.parse(json)),
        inRecord({ [text]: 1 }),
      ]) {
        const fault = faultOf(message);
        expect(fault.length).toBeLessThan(600);
        expect(fault).not.toMatch(/\p{Cc}/u);
      }
    }),
  );
});

test('a name such as __proto__ is a name like any other', () => {
  const { records } = parsePush('{"run":"__proto__","records":[{"values":{"__proto__":1,"constructor":2}}]}', now);
  expect(records[0]?.values).toEqual([
    ['__proto__', 1],
    ['constructor', 2],
  ]);
});
