import fc from 'fast-check';
import { parseTrainerState, tellTrainerState } from '../../../../exporters/training/decoders/trainer-state.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { fixture, writingStream } from './told.ts';

const text = fixture('trainer_state.json').toString();

test('reads what is known of the training, with bare NaN and numbers as texts', () => {
  expect(parseTrainerState(text)).toEqual({
    step: 9,
    maxSteps: 12,
    epoch: 0.75,
    epochs: 1,
    bestMetric: 1.5798,
    lastTraining: {
      step: 9,
      values: [
        ['loss', 1.5],
        ['grad_norm', Number.NaN],
        ['learning_rate', 3.75e-5],
      ],
    },
    lastEvaluation: { step: 6, values: [['eval_loss', 1.5798]] },
  });
});

test('recorded with transformers 5.18: a training that had NaN from step 30 to its end', () => {
  expect(parseTrainerState(fixture('trainer_state-5.json').toString())).toEqual({
    step: 40,
    maxSteps: 40,
    epoch: 1,
    epochs: 1,
    bestMetric: undefined,
    lastTraining: {
      step: 40,
      values: [
        ['loss', Number.NaN],
        ['grad_norm', Number.NaN],
        ['learning_rate', 2.5e-5],
      ],
    },
    lastEvaluation: { step: 40, values: [['eval_loss', Number.NaN]] },
  });
});

test('tells it, each value with its step', () => {
  const { stream, calls } = writingStream();
  tellTrainerState(parseTrainerState(text), stream);
  expect(calls).toEqual([
    'framework huggingface',
    'value loss 1.5 9',
    'value grad_norm NaN 9',
    'value learning_rate 0.0000375 9',
    'value eval_loss 1.5798 6',
    'value max_steps 12 9',
    'value epoch 0.75 9',
  ]);
});

test('a length that is not known is left out', () => {
  const state = parseTrainerState('{"global_step": 3, "max_steps": -1, "num_train_epochs": 0, "epoch": null}');
  expect(state).toMatchObject({ step: 3, maxSteps: undefined, epochs: undefined, epoch: undefined });
  expect(state.lastTraining).toBeUndefined();
});

test.each([
  ['{"global_step": 3', 'trainer state is no JSON'],
  ['[]', 'trainer state must be an object, got []'],
  ['{}', 'global_step must be a whole number, got undefined'],
  ['{"global_step": 1.5}', 'global_step must be a whole number, got 1.5'],
  ['{"global_step": 1, "max_steps": []}', 'max_steps must be a number, got []'],
  ['{"global_step": 1, "log_history": {}}', 'log_history must be a list, got keys and values'],
  ['{"global_step": 1, "log_history": [{}, 3]}', 'log_history[1] must be an object, got 3'],
])('%s is refused with its place', (bad, message) => {
  expect(() => parseTrainerState(bad)).toThrow(SourceError);
  expect(() => parseTrainerState(bad)).toThrow(message);
});

test.each(['[', '{},', '[[],'])('of a million of %j nothing is built', (piece) => {
  const bad = `{"global_step":1,"log_history":[${piece.repeat(1_000_000)}`;
  expect(() => parseTrainerState(bad)).toThrow('more than 500000 lists and objects');
});

test('brackets in texts are no lists', () => {
  expect(parseTrainerState(JSON.stringify({ global_step: 1, trial_name: '\\"[{'.repeat(300_000) })).step).toBe(1);
});

test('anything is a state or a SourceError', () => {
  const state = fc.record(
    { global_step: fc.nat(), max_steps: fc.anything(), epoch: fc.anything(), log_history: fc.array(fc.anything()) },
    { requiredKeys: [] },
  );
  const cut = fc
    .tuple(fc.nat(text.length), fc.string())
    .map(([at, added]) => text.slice(0, at) + added + text.slice(at + 3));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        cut,
        state.map((value) => JSON.stringify(value) ?? ''),
      ),
      (given) => {
        try {
          tellTrainerState(parseTrainerState(given), writingStream().stream);
        } catch (error) {
          expect(error).toBeInstanceOf(SourceError);
        }
      },
    ),
  );
});
