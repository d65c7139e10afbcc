import type { Collector } from '../../../kit/collector.ts';
import type { inference } from '../../../metrics/inference.ts';
import type { SeenEngine } from './sighting.ts';

/** Which engines the normaliser sees. One that is down is no failure of ours, so it is told by its own series alone. */
export const enginesCollector: Collector<readonly SeenEngine[], typeof inference> = {
  name: 'engines',
  collect: (seen, { emit }) => {
    for (const { engine, sighting } of seen) {
      if (sighting === undefined) continue;
      const labels = { engine: engine.name, engine_kind: engine.kind };
      emit('inference_engine_up', labels, sighting.failure === undefined ? 1 : 0);
    }
  },
};
