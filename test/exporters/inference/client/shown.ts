import type { InferenceMetrics } from '../../../../exporters/inference/client/inference-metrics.ts';
import { parseExposition } from '../../../support/exposition.ts';

/** The series of one name that have a value other than 0, each as its labels without the kind of the engine, and the value. */
export async function shown(metrics: InferenceMetrics, name: string): Promise<Readonly<Record<string, number>>> {
  const { body } = await metrics.scrape();
  const families = parseExposition('text', body);
  const samples = [...families.values()].flatMap((family) => family.samples).filter((sample) => sample.name === name);
  return Object.fromEntries(
    samples
      .filter(({ value }) => Number(value) !== 0)
      .map(({ labels, value }) => [labelsOf(labels), Number(value)] as const)
      .sort(([one], [other]) => one.localeCompare(other)),
  );
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const { engine_kind: _, ...rest } = labels;
  return Object.entries(rest)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
