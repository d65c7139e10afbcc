import type { Collector } from '../../../kit/collector.ts';
import type { inference } from '../../../metrics/inference.ts';
import type { InferenceView } from '../view.ts';

export type InferenceCollector = Collector<InferenceView, typeof inference>;
