import type { TrainingCollector } from '../../exporters/training/collectors/training-collector.ts';
import type { TrainingView } from '../../exporters/training/view.ts';
import { renderExposition } from '../../kit/exposition/render.ts';
import { createSampleWriter } from '../../kit/exposition/samples.ts';
import { training } from '../../metrics/training.ts';

/** The exposition of one collector over a view. */
export async function collectTraining(collector: TrainingCollector, view: TrainingView): Promise<string> {
  const { families, ...writer } = createSampleWriter(training);
  const { signal } = new AbortController();
  const fail = (reason: string): void => {
    throw new Error(`${collector.name} failed: ${reason}`);
  };
  await collector.collect(view, { ...writer, fail, signal });
  return renderExposition('text', families());
}
