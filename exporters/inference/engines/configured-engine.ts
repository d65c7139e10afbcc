import type { EngineKind } from '../../../metrics/engines/engine.ts';

/** An engine that the file of `--engines.file` names. */
export interface ConfiguredEngine {
  /** The label `engine`. */
  readonly name: string;
  readonly kind: EngineKind;
  /** Where the engine is; paths are put behind its own. */
  readonly url: URL;
  /** Instead of the one that the kind has. */
  readonly metricsPath: string | undefined;
  readonly modelName: string | undefined;
  readonly bearerTokenFile: string | undefined;
}
