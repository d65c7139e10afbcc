import type { GpuCollector } from '../../exporters/gpu/collectors/gpu-collector.ts';
import type { NodeView } from '../../exporters/gpu/node-view.ts';
import { renderExposition } from '../../kit/exposition/render.ts';
import { createSampleWriter } from '../../kit/exposition/samples.ts';
import { gpu } from '../../metrics/gpu.ts';

export interface Collected {
  readonly text: string;
  /** Sample lines without HELP and TYPE. */
  readonly samples: readonly string[];
  readonly failures: readonly string[];
}

/** Runs one collector over a state, as the runner does. */
export async function collect(collector: GpuCollector, state: NodeView): Promise<Collected> {
  const writer = createSampleWriter(gpu);
  const failures: string[] = [];
  const signal = new AbortController().signal;
  await collector.collect(state, { ...writer, fail: (reason) => failures.push(reason), signal });
  const text = renderExposition('text', writer.families());
  return { text, samples: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')), failures };
}
