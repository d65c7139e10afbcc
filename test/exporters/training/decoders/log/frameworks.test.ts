import { createLogDecoder } from '../../../../../exporters/training/decoders/log/log-decoder.ts';
import { createTagMap } from '../../../../../exporters/training/schema/create-tag-map.ts';
import { emptyMapping } from '../../../../../exporters/training/schema/mapping.ts';
import { fixture, told } from '../told.ts';

function read(name: string, scalars: readonly string[] = []): readonly string[] {
  const { decoder, calls, problems } = told(createLogDecoder, { tags: createTagMap({ ...emptyMapping, scalars }) });
  decoder.push(fixture(name));
  expect(problems).toEqual([]);
  return calls;
}

function readText(...lines: readonly string[]): readonly string[] {
  const { decoder, calls } = told(createLogDecoder);
  decoder.push(Buffer.from(`${lines.join('\n')}\n`));
  return calls;
}

describe('Megatron-LM', () => {
  test('every field of the line', () => {
    expect(read('megatron.log').slice(0, 12)).toEqual([
      'framework megatron',
      'value max_steps 250000 122',
      'value samples 124928 122',
      'value step_seconds 86.5452 122',
      'value learning_rate 0.00000915 122',
      'value global_batch_size 1024 122',
      'value loss 2.50422 122',
      'value loss_scale 1 122',
      'value grad_norm 0.231 122',
      'value skipped_steps 0 122',
      'value nonfinite_steps 0 122',
      'value samples 125952 123',
    ]);
  });

  test('a loss that vanished for nan iterations is missing, and only then', () => {
    expect(read('megatron.log').filter((call) => call.startsWith('lossMissing'))).toEqual(['lossMissing {"step":126}']);
    const skipped =
      ' iteration 9/ 10 | lm loss: 1.0E+00 | number of skipped iterations: 0 | number of nan iterations: 2 |';
    const empty = ' iteration 9/ 10 | number of skipped iterations: 3 | number of nan iterations: 0 |';
    expect(readText(skipped, empty).filter((call) => call.startsWith('lossMissing'))).toEqual([]);
  });

  test('throughput, skipped and nan iterations of the same line', () => {
    const calls = read('megatron.log').filter((call) => call.endsWith(' 126'));
    expect(calls).toEqual(
      expect.arrayContaining([
        'value flops_per_second_per_gpu 412300000000000 126',
        'value grad_norm NaN 126',
        'value skipped_steps 1 126',
        'value nonfinite_steps 1 126',
      ]),
    );
  });

  test('validation, stragglers, checkpoints and the end', () => {
    expect(read('megatron.log').slice(-12)).toEqual([
      'value nonfinite_steps 1 126',
      'lossMissing {"step":126}',
      'phaseTime {"phase":"forward","seconds":3.45308,"rank":8,"step":126}',
      'phaseTime {"phase":"forward","seconds":3.4682,"rank":0,"step":126}',
      'phaseTime {"phase":"data_loading","seconds":0.01427,"rank":23,"step":126}',
      'phaseTime {"phase":"data_loading","seconds":0.03465,"rank":3,"step":126}',
      'value eval_loss 2.543104 126',
      'value eval_perplexity 12.71991 126',
      'enter checkpointing {"step":126}',
      'checkpoint {"outcome":"complete","step":126}',
      'sessionStart {"step":126}',
      'value finished 1 126',
    ]);
  });

  test('the test set after training is no evaluation of it', () => {
    expect(readText(' validation loss at iteration 9 on test set | lm loss value: 2.0E+00 | ')).toEqual([]);
  });

  test('a line of GPT-NeoX, with fields before the iteration', () => {
    const line =
      ' samples/sec: 7.799 | iteration       34/   10000 | elapsed time per iteration (ms): 4103.1 | approx flops per GPU: 112.9TFLOPS | lm_loss: 1.118665E+01 | number of nan iterations:   0 |';
    expect(readText(line)).toEqual([
      'framework megatron',
      'value max_steps 10000 34',
      'value step_seconds 4.1031 34',
      'value loss 11.18665 34',
      'value nonfinite_steps 0 34',
    ]);
  });
});

describe('torchtitan', () => {
  test('colours, commas, percent, N/A and nan', () => {
    expect(read('torchtitan.log')).toEqual([
      'framework torchtitan',
      'value loss 7.62585 4',
      'value grad_norm 26.625 4',
      `value memory_reserved_bytes ${66.91 * 2 ** 30} 4`,
      'value tokens_per_second_per_gpu 10050 4',
      'value flops_per_second_per_gpu 1314710000000000 4',
      'value mfu_ratio 0.1399 4',
      'value loss 7.07623 5',
      'value grad_norm 46.5 5',
      `value memory_reserved_bytes ${66.91 * 2 ** 30} 5`,
      'value tokens_per_second_per_gpu 10007 5',
      'value flops_per_second_per_gpu 313360000000000 5',
      'value loss NaN 6',
      'value grad_norm Infinity 6',
      `value memory_reserved_bytes ${9.46 * 2 ** 30} 6`,
      'value tokens_per_second_per_gpu 7282 6',
      'value flops_per_second_per_gpu 520000000000 6',
      `value mfu_ratio ${0.17 * 0.01} 6`,
      'value eval_loss 3.24405 6',
    ]);
  });

  test('the same step is told again after a new start', () => {
    const line = 'step:  4  loss:  7.5  tps: 10,050';
    expect(readText(line, line, 'Training starts at step 4', line).filter((call) => call.includes('loss'))).toEqual([
      'value loss 7.5 4',
      'value loss 7.5 4',
    ]);
  });
});

describe('Hugging Face', () => {
  test('4: bare nan and inf, the step of the training bar, and not that of others', () => {
    expect(read('huggingface-4.log')).toEqual([
      'framework huggingface',
      'value max_steps 12 3',
      'value loss 2.119 3',
      'value grad_norm 37.657958984375 3',
      'value learning_rate 0.000045833333333333334 3',
      'value epoch 0.25 3',
      'value loss 1.6462 6',
      'value grad_norm NaN 6',
      'value learning_rate 0.00004166666666666667 6',
      'value epoch 0.5 6',
      'value eval_loss 1.5798 6',
      'value evaluation_seconds 14.87 6',
      'value loss Infinity 12',
      'value grad_norm -Infinity 12',
      'value learning_rate 0 12',
      'value epoch 1 12',
      'value finished 61.5 12',
      'value epoch 1 12',
    ]);
  });

  test('5: values are texts, behind a bar and the prefix of Ray; allowed scalars by their tag', () => {
    expect(read('huggingface-5.log', ['train/rewards/*'])).toEqual([
      'framework huggingface',
      'value max_steps 18 10',
      'value loss 1.363 10',
      'value grad_norm 1.094 10',
      'value learning_rate 0.00005 10',
      'value epoch 1 10',
      'value tokens 20480 10',
      'scalar train/rewards/margins 0.25',
      'value loss NaN 18',
      'value grad_norm Infinity 18',
      'value learning_rate 0 18',
      'value epoch 2 18',
      'value finished 9.5 18',
      'value epoch 2 18',
    ]);
  });

  test('without a bar there is no step', () => {
    expect(readText("[rank0]: {'loss': 0.5, 'epoch': 1.0}")).toEqual([
      'framework huggingface',
      'value loss 0.5 -',
      'value epoch 1 -',
    ]);
  });

  test.each([
    "{'lr': 0.1, 'batch': 3}",
    "{'loss': [1, 2], 'epoch': 1}",
    "{'loss': 1.0, 'epoch': 1.0",
    "{'loss': 'a}', 'epoch'",
    "{'epoch': 1.0}",
    "print({'a': {'epoch': 1}})",
  ])('%s is no line of the Trainer', (line) => {
    expect(readText(line)).toEqual([]);
  });

  test('a description before the bar is that of another', () => {
    expect(
      readText(
        '0:   50%|#####     | 5/10 [00:01<00:01]',
        'Map:  50%|#####     | 7/99 [00:01<00:01]',
        "{'loss': 0.5, 'epoch': 1.0}",
      ),
    ).toContain('value loss 0.5 5');
  });
});

describe('NeMo', () => {
  test('2: the progress line; the last validation is told once', () => {
    const calls = read('nemo-2.log');
    expect(calls.slice(0, 9)).toEqual([
      'framework nemo',
      'value max_steps 149 120',
      'value epoch 0 120',
      'value learning_rate 0.00003 120',
      'value samples 121 120',
      'value global_batch_size 1 120',
      'value loss 1.233 120',
      'value step_seconds 0.03146 120',
      'value eval_loss 4.106 120',
    ]);
    expect(calls.filter((call) => call.includes('eval_loss'))).toEqual([
      'value eval_loss 4.106 120',
      'value eval_loss 4.206 122',
    ]);
    expect(calls).toContain('value loss NaN 122');
  });

  test('1: the bar; drawn twice it is told once, and rounded counts are not told', () => {
    expect(read('nemo-1.log')).toEqual([
      'framework nemo',
      'value max_steps 100 0',
      'value epoch 0 0',
      'value loss 3.09 0',
      'value samples 256 0',
      'value step_seconds 6.13 0',
      'value epoch 0 99',
      'value loss 0.0172 99',
      'value step_seconds 3.13 99',
      'value eval_loss 0.5 99',
    ]);
  });
});

describe('DeepSpeed', () => {
  test('skipped steps are counted from the beginning; the throughput has the step of the engine', () => {
    expect(read('deepspeed.log')).toEqual([
      'framework deepspeed',
      'value learning_rate 0.00005 40',
      'value skipped_steps 2 40',
      'value samples_per_second 83.48609168106144 40',
      `value memory_allocated_bytes ${0.26 * 2 ** 30} 40`,
      `value memory_max_allocated_bytes ${9.02 * 2 ** 30} 40`,
      'value learning_rate 0.00005 50',
      'value skipped_steps 0 50',
      'value learning_rate 0.0000021731931451279077 60',
      'value skipped_steps 3 60',
      'value samples_per_second 8.00912418308922 60',
      `value memory_allocated_bytes ${59.65 * 2 ** 30} 60`,
      `value memory_max_allocated_bytes ${63.31 * 2 ** 30} 60`,
    ]);
  });

  test('the count of a training that goes on from a checkpoint is not new', () => {
    expect(
      readText('step=5010, skipped=7, lr=[1e-05], mom=[0.9]', 'step=5020, skipped=8, lr=[1e-05], mom=[0.9]'),
    ).toEqual([
      'framework deepspeed',
      'value learning_rate 0.00001 5010',
      'value skipped_steps 0 5010',
      'value learning_rate 0.00001 5020',
      'value skipped_steps 1 5020',
    ]);
  });

  test('the pipeline engine', () => {
    expect(read('deepspeed-pipeline.log')).toEqual([
      'framework deepspeed',
      'value loss 2.3456 20',
      'value step_seconds 1.234 20',
      'value samples_per_second 103.728 20',
      'value loss NaN 30',
      'value step_seconds 1.25 30',
      'value samples_per_second 102.4 30',
    ]);
  });
});

test('a line of NeMo is none of Megatron, also where the word has the same place', () => {
  const megatron = '0123456789abcdefg iteration 5/ 10 | lm loss: 1.0E+00 |';
  const nemo = 'Training epoch 0, iteration 1/249 | global_step: 1 | reduced_train_loss: 1.5';
  expect(megatron.indexOf(' iteration')).toBe(nemo.indexOf(' iteration'));
  expect(readText(megatron, nemo)).toContain('value epoch 0 1');
});

test('lines of a second framework are told too, and the first one stays', () => {
  const calls = readText('step=40, skipped=0, lr=[5e-05], mom=[0.9]', "{'loss': 2.5, 'epoch': 0.1}");
  expect(calls.filter((call) => call.startsWith('framework'))).toEqual(['framework deepspeed']);
  expect(calls).toContain('value loss 2.5 -');
});
