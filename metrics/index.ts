import { billing } from './billing.ts';
import { cmdb } from './cmdb.ts';
import { cmdbHardware } from './cmdb-hardware.ts';
import type { Metric } from './define.ts';
import { nodeExporter, processes, prometheus } from './external.ts';
import { fleetlens } from './fleetlens.ts';
import { gpu } from './gpu.ts';
import { inference } from './inference.ts';
import { otelGenAi } from './otel-genai.ts';
import { prediction } from './prediction.ts';
import { training } from './training.ts';
import { vendorCatalogues } from './vendors/index.ts';

/** Every catalogue, in the order of the reference. */
export const catalogues = {
  gpu,
  training,
  inference,
  otelGenAi,
  cmdb,
  cmdbHardware,
  billing,
  prediction,
  fleetlens,
  prometheus,
  processes,
  nodeExporter,
  ...vendorCatalogues,
} as const;

/** Every series that we emit or read, by name. Recorded series are in `rules/recording`. */
export const catalogue: ReadonlyMap<string, Metric> = new Map(
  Object.values(catalogues).flatMap((metrics) => Object.entries(metrics)),
);
