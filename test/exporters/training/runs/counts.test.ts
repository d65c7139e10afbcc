import type { Quantity } from '../../../../exporters/training/schema/quantities.ts';
import { startBook, train } from '../../../support/training-book.ts';

type Book = ReturnType<typeof startBook>;

/** Ten steps, a second apart, of a run that said this much of itself at the first. */
function tenSteps({ stream, state }: Book, said: Partial<Record<Quantity, number>> = {}) {
  const events = stream('event_files');
  for (const [name, value] of Object.entries(said)) events.value(name as Quantity, value, 0, 500);
  train(events, { first: 0, last: 10, atSeconds: 500 });
  return state().progress;
}

test('samples are counted by the batch, and tokens by its sequences', () => {
  expect(tenSteps(startBook(), { global_batch_size: 4 })).toMatchObject({ samples: 40, tokens: 0 });
  const book = startBook({}, () => ({ sequenceLength: 100 }));
  expect(tenSteps(book, { global_batch_size: 4 })).toMatchObject({ samples: 40, tokens: 4000 });
});

test('tokens of a step as the mapping tells them beat those of the batch', () => {
  const book = startBook({}, () => ({ sequenceLength: 100, tokensPerStep: 7 }));
  expect(tenSteps(book, { global_batch_size: 4, tokens_per_second: 1000 })).toMatchObject({ tokens: 70 });
});

test('what the framework counts is not counted again', () => {
  const book = startBook({}, () => ({ sequenceLength: 100 }));
  const progress = tenSteps(book, { global_batch_size: 4, tokens_per_second: 1000, samples: 3, tokens: 5 });
  expect(progress).toMatchObject({ samples: 3, tokens: 5 });
});

test('samples and tokens go up by what the framework counts, each by its own', () => {
  const { stream, state } = startBook();
  const events = stream('event_files');
  for (let step = 1; step <= 5; step++) {
    events.value('loss', 2, step, 500 + step);
    events.value('samples', 10 * step, step, 500 + step);
    events.value('tokens', 300 * step, step, 500 + step);
  }
  expect(state().progress).toMatchObject({ samples: 50, tokens: 1500, lastSamples: 50, lastTokens: 1500 });
  events.value('tokens', 1200, 6, 506);
  expect(state().progress).toMatchObject({ tokens: 1500, lastTokens: 1500 });
});

test.each(['skipped_steps', 'nonfinite_steps'] as const)('%s add up, and never fall', (name) => {
  const { stream, state } = startBook();
  const log = stream('logs');
  log.framework('megatron');
  for (const count of [2, 0, -1, Number.NaN, 3]) log.value(name, count, undefined, 900);
  const { skipped, nonfiniteCounted } = state().progress;
  expect([skipped, nonfiniteCounted]).toEqual(name === 'skipped_steps' ? [5, 0] : [0, 5]);
});

test('where only the rate of tokens is told they are the rate times the time of the steps', () => {
  const { stream, state } = startBook();
  const events = stream('event_files');
  events.value('tokens_per_second', 50, 0, 500);
  train(events, { first: 0, last: 10, atSeconds: 500, apart: 2 });
  expect(state().progress.tokens).toBe(50 * 20);
});

test('the rate does not count where the tokens of a step are known', () => {
  const book = startBook({}, () => ({ sequenceLength: 100 }));
  expect(tenSteps(book, { global_batch_size: 4, tokens_per_second: 1000 })).toMatchObject({ tokens: 4000 });
});
