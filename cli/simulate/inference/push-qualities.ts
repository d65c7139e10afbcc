import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';
import { simulatedModels } from './simulated-models.ts';

/** What POST /api/v1/quality takes. */
export interface SimulatedQuality {
  readonly model_name: string;
  readonly dataset: string;
  readonly accuracy: number;
  readonly threshold: number;
}

const datasets = ['support-tickets', 'code-review'] as const;
const pushSeconds = 5;

/** What last night's evaluation of each model found: all are good enough. */
export function simulatedQualities(seed: number): readonly SimulatedQuality[] {
  return simulatedModels.flatMap(({ name }, model) =>
    datasets.map((dataset, set) => {
      const accuracy = 0.8 + 0.15 * noise(seed, model, set, 150);
      return { model_name: name, dataset, accuracy: rounded(accuracy), threshold: rounded(accuracy - 0.05) };
    }),
  );
}

/** Tells the exporter, as an evaluation job does at its end. Rejects if that fails. */
export async function pushQualities(exporterUrl: string, seed: number): Promise<void> {
  for (const quality of simulatedQualities(seed)) {
    const answer = await fetch(`${exporterUrl}/api/v1/quality`, {
      method: 'POST',
      body: JSON.stringify(quality),
      signal: AbortSignal.timeout(pushSeconds * 1000),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}: ${await answer.text()}`);
  }
}

function rounded(share: number): number {
  return Number(share.toFixed(3));
}
