/** Kinds of engines whose own metrics Prometheus scrapes and turns into the names of the catalogue. */
export type ScrapedEngineKind = 'vllm';

/** `metric_relabel_configs` of one kind of engine. Its series keep the names of the engine as long as there are none. */
export function engineRelabelling(_kind: ScrapedEngineKind): readonly object[] {
  return [];
}
