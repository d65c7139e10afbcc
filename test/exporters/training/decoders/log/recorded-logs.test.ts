import { createLogDecoder } from '../../../../../exporters/training/decoders/log/log-decoder.ts';
import { fixture, told } from '../told.ts';

/** What is told of steps, losses and the end, in order; each training wrote its own steps down beside its log. */
function stepsOf(file: string): readonly string[] {
  const { decoder, calls, problems } = told(createLogDecoder);
  decoder.push(fixture(file));
  expect(problems).toEqual([]);
  return calls.filter((call) => /^(?:framework|sessionStart|value (?:loss|eval_loss|max_steps|finished) )/.test(call));
}

/** 12 steps, a loss every 4, an evaluation and a checkpoint every 6. */
test.each([
  ['huggingface-5-bars.log', [3.893, 3.872, 3.852], [3.863, 3.848], 1.4],
  ['huggingface-4-bars.log', [3.8933, 3.8717, 3.8523], [3.863420009613037, 3.848149061203003], 1.2891],
  ['huggingface-5-ray.log', [3.893, 3.872, 3.852], [3.863, 3.848], 6.256],
])('%s: the bar of an evaluation, also the last one, is not that of the training', (file, losses, evaluations, end) => {
  expect(stepsOf(file)).toEqual([
    'framework huggingface',
    'value max_steps 12 4',
    `value loss ${losses[0]} 4`,
    `value eval_loss ${evaluations[0]} 6`,
    `value loss ${losses[1]} 8`,
    `value loss ${losses[2]} 12`,
    `value eval_loss ${evaluations[1]} 12`,
    `value finished ${end} 12`,
  ]);
});

test('torchrun passes standard output on by itself, so a bar may come after the line that it belongs to', () => {
  expect(stepsOf('huggingface-5-torchrun.log')).toEqual([
    'framework huggingface',
    'value max_steps 12 4',
    'value loss 3.894 4',
    'value eval_loss 3.854 6',
    'value loss 3.861 8',
    'value loss 3.853 11',
    'value eval_loss 3.836 12',
    'value finished 1.415 12',
  ]);
});

test('killed after step 10 and gone on from the checkpoint of step 6; its steps are then too short for the bar', () => {
  expect(stepsOf('huggingface-5-started-again.log')).toEqual([
    'framework huggingface',
    'value max_steps 12 4',
    'value loss 3.893 4',
    'value eval_loss 3.863 6',
    'value loss 3.872 8',
    'sessionStart {"step":6}',
    'value loss 3.864 7',
    'value loss 3.852 8',
    'value eval_loss 3.848 12',
    'value finished 0.6725 12',
  ]);
});

test('TRL: tokens, accuracy and losses every 5 of 40 steps', () => {
  const { decoder, calls } = told(createLogDecoder);
  decoder.push(fixture('trl-1.log'));
  const of = (name: string) =>
    calls.flatMap((call) => (call.startsWith(`value ${name} `) ? [call.split(' ').slice(2)] : []));
  expect(of('loss').map(([, step]) => Number(step))).toEqual([5, 10, 15, 20, 25, 30, 35, 40]);
  expect(of('tokens')).toEqual([5, 10, 15, 20, 25, 30, 35, 40].map((step) => [`${step * 52}`, `${step}`]));
  expect(of('eval_accuracy').at(-1)).toEqual(['0.01042', '40']);
  expect(calls.slice(-2)).toEqual(['value finished 4.364 40', 'value epoch 1 40']);
});

test('without bars there are no steps', () => {
  expect(stepsOf('huggingface-5-no-bars.log')).toEqual([
    'framework huggingface',
    'value loss 3.893 -',
    'value eval_loss 3.863 -',
    'value loss 3.872 -',
    'value loss 3.852 -',
    'value eval_loss 3.848 -',
    'value finished 1.458 -',
  ]);
});

test('a log that is read in pieces, by one decoder after the other, tells the same', () => {
  const bytes = fixture('huggingface-5-started-again.log');
  const whole = told(createLogDecoder);
  whole.decoder.push(bytes);
  const calls: string[] = [];
  let saved: unknown;
  for (let at = 0; at < bytes.length; ) {
    const { decoder, calls: some } = told(createLogDecoder, { saved });
    const end = bytes.indexOf('\r', at + 40) + 1 || bytes.length;
    decoder.push(bytes.subarray(at, end));
    calls.push(...some);
    saved = JSON.parse(JSON.stringify(decoder.save()));
    at = end;
  }
  const isOfSteps = (call: string) => /^sessionStart|^value (?!max_steps)/.test(call);
  expect(calls.filter(isOfSteps)).toEqual(whole.calls.filter(isOfSteps));
});
