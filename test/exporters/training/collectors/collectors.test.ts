import { trainingCollectors } from '../../../../exporters/training/collectors/index.ts';
import type { RunStream } from '../../../../exporters/training/journal.ts';
import type { Quantity } from '../../../../exporters/training/schema/quantities.ts';
import type { TrainingView } from '../../../../exporters/training/view.ts';
import { collectTraining } from '../../../support/collect-training.ts';
import { expectGolden } from '../../../support/golden.ts';
import { identityOf, startBook, train } from '../../../support/training-book.ts';

const once: Partial<Record<Quantity, number>> = {
  eval_loss: 2.25,
  accuracy: 0.5,
  eval_accuracy: 0.45,
  perplexity: 8,
  eval_perplexity: 9.5,
  learning_rate: 0.0003,
  grad_norm: 1.25,
  loss_scale: 65_536,
  epoch: 0.5,
  max_steps: 1000,
  world_size: 16,
  global_batch_size: 512,
  tokens_per_second_per_gpu: 7000,
  samples_per_second: 256,
  flops_per_second_per_gpu: 4.2e14,
  mfu_ratio: 0.425,
  memory_active_bytes: 60e9,
  memory_allocated_bytes: 50e9,
  memory_max_allocated_bytes: 62e9,
  memory_reserved_bytes: 70e9,
  samples: 61_440,
  tokens: 251_658_240,
  skipped_steps: 2,
  data_loading_seconds: 0.05,
  forward_seconds: 0.6,
  backward_seconds: 1.2,
  optimizer_seconds: 0.1,
};

/** Every kind of source tells something, so that every series is there. */
function busyView(): TrainingView {
  const { book, stream, settle, ledger, time } = startBook();
  time.now = 100_000;
  const events = stream('event_files', 'events-1', identityOf('llm-7b', { jobId: '4711', host: 'gpu-node-1' }));
  const at = trainOne(events);
  time.now = at + 10;
  const notebook = stream('push', 'push-1', identityOf('notebook', { namespace: 'research', pod: 'notebook-0' }));
  notebook.framework('custom');
  notebook.phaseTime({ phase: 'forward', seconds: 0.25, memoryDeltaBytes: 1_048_576 });
  notebook.scalar('reward/mean', 0.75);
  notebook.value('loss', 1.5, 10, at);
  notebook.enter('finished', { timeSeconds: at, exitCode: 0 });
  ledger.files('event_files', 1);
  ledger.unread('event_files', 2048);
  ledger.bytes('event_files', 65_536);
  ledger.records('event_files', 120);
  ledger.problem('event_files', 'bad_crc');
  ledger.dropped('scalars', 3);
  ledger.polled(0.004);
  settle();
  return { runs: book.shown(), sources: ledger.counts(), nowSeconds: time.now, shownRanks: 2 };
}

function trainOne(events: RunStream): number {
  events.framework('megatron');
  let at = train(events, { first: 1, last: 120, atSeconds: 100_000, apart: 2 });
  for (const [quantity, value] of Object.entries(once)) events.value(quantity as Quantity, value, 120, at);
  for (const step of [40, 80, 120]) {
    events.checkpoint({ step, timeSeconds: 100_000 + 2 * step, outcome: 'complete' });
  }
  events.checkpoint({ step: 130, timeSeconds: at, outcome: 'failed' });
  events.enter('evaluating', { timeSeconds: at });
  at = train(events, { first: 121, last: 160, atSeconds: at + 30, apart: 2 });
  at = train(events, { first: 121, last: 130, atSeconds: at + 60, apart: 2 });
  events.value('loss', 50, 131, at + 2);
  events.value('loss', Number.NaN, 132, at + 4);
  for (let step = 1; step <= 8; step++) {
    for (let rank = 0; rank < 4; rank++) {
      events.phaseTime({
        phase: 'forward_backward',
        seconds: rank === 3 ? 2.5 : 1.5,
        rank,
        timeSeconds: at + step / 10,
      });
    }
  }
  events.writerAlive(true);
  return at + 4;
}

test.each(trainingCollectors.map((collector) => [collector.name, collector] as const))(
  '%s shows what it should',
  async (name, collector) => {
    expectGolden(`training/busy/${name}.prom`, await collectTraining(collector, busyView()));
  },
);

test('nothing is shown where nothing is known', async () => {
  const { book, ledger } = startBook();
  const view = { runs: book.shown(), sources: ledger.counts(), nowSeconds: 0, shownRanks: 8 };
  const texts = await Promise.all(trainingCollectors.map((collector) => collectTraining(collector, view)));
  const samples = texts
    .join('')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(samples).toEqual([
    'training_runs 0',
    ...['runs', 'files', 'scalars', 'phases', 'ranks'].map((kind) => `training_dropped_total{kind="${kind}"} 0`),
  ]);
});

/** Everything that is shown after these were told. */
async function shownAfter(tell: (stream: RunStream) => void, nowSeconds = 1000): Promise<string> {
  const { book, stream, settle, ledger, time } = startBook();
  time.now = nowSeconds;
  tell(stream('event_files'));
  settle();
  const view = { runs: book.shown(), sources: ledger.counts(), nowSeconds, shownRanks: 8 };
  return (await Promise.all(trainingCollectors.map((each) => collectTraining(each, view)))).join('');
}

test('a run without a step has no counters of steps, no goodput and no ranks', async () => {
  const text = await shownAfter((stream) => stream.value('learning_rate', 0.5, undefined, 900));
  expect(text).toContain('training_learning_rate{');
  expect(text).not.toMatch(/^training_(step|rank|wasted|rollbacks|wall|productive|badput|report)\w*\{/m);
});

test('a run whose clock is ahead has no negative time', async () => {
  const text = await shownAfter((stream) => train(stream, { first: 1, last: 10, atSeconds: 5000 }));
  expect(text).toMatch(/^training_wall_seconds_total\{.*\} 0$/m);
});

function tellRanks(stream: RunStream, ranks: number): void {
  for (let index = 0; index < 8 * ranks; index++) {
    stream.phaseTime({ phase: 'forward', seconds: 1, rank: index % ranks, timeSeconds: 900 + index });
  }
}

test('one rank alone is counted and not compared', async () => {
  const text = await shownAfter((stream) => tellRanks(stream, 1));
  expect(text).toMatch(/^training_ranks\{.*\} 1$/m);
  expect(text).not.toMatch(/^training_rank_/m);
});

test('ranks of a run that is over are not shown', async () => {
  expect(await shownAfter((stream) => tellRanks(stream, 2))).toMatch(/^training_rank_/m);
  const text = await shownAfter((stream) => {
    tellRanks(stream, 2);
    stream.enter('finished', { timeSeconds: 950 });
  });
  expect(text).not.toMatch(/^training_rank/m);
});

test('a run that is over has no speed and no end to wait for', async () => {
  const { book, stream, settle, ledger, time } = startBook();
  const events = stream('event_files');
  train(events, { first: 1, last: 10, atSeconds: 900 });
  for (const [quantity, value] of Object.entries(once)) events.value(quantity as Quantity, value, 10, 909);
  events.enter('failed', { timeSeconds: 920, exitCode: 137 });
  time.now = 950;
  settle();
  const view = { runs: book.shown(), sources: ledger.counts(), nowSeconds: time.now, shownRanks: 8 };
  const text = (await Promise.all(trainingCollectors.map((each) => collectTraining(each, view)))).join('');
  expect(text).not.toMatch(/^training_(eta_seconds|tokens_per_second|mfu_ratio)\{/m);
  expect(text).toContain('training_wall_seconds_total{run="a",job_id="",framework="unknown"} 20\n');
});
