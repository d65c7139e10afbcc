import { SourceError } from '../../../../kit/errors.ts';
import { engines } from '../../../../metrics/engines/index.ts';
import type { ConfiguredEngine } from '../../engines/configured-engine.ts';
import { createExpositionReader } from '../../engines/exposition-reader.ts';
import { loadedModelsOf } from '../../engines/ollama-models.ts';
import { kvUsageOf } from '../../engines/slots.ts';
import type { UnifiedSeries } from '../../engines/unified-series.ts';
import { nativeNames, unify } from '../../engines/unify.ts';
import { bodyOf, type Fetch, wholeBodyOf } from './bounded-answer.ts';

export interface LookDeps {
  readonly fetch: Fetch;
  /** Reads a file that the configuration names; may throw. */
  readonly readFile: (path: string) => string;
}

const maxPageBytes = 16 * 1024 * 1024;
const maxJsonBytes = 4 * 1024 * 1024;
const pageTypes = 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1';

/** What an engine tells about itself now. Throws SourceError, or what the signal was aborted with. */
export async function lookAtEngine(
  engine: ConfiguredEngine,
  deps: LookDeps,
  signal: AbortSignal,
): Promise<readonly UnifiedSeries[]> {
  const asking = { token: tokenOf(engine, deps), signal, fetch: deps.fetch };
  const askJson = (path: string): Promise<string> =>
    wholeBodyOf({ ...asking, url: below(engine.url, path), accept: 'application/json', maxBytes: maxJsonBytes });
  if (engine.kind === 'ollama') return loadedModelsOf(await askJson('/api/ps'));
  const { series, path = '/metrics' } = engines[engine.kind];
  const reader = createExpositionReader(nativeNames(series));
  const url = below(engine.url, engine.metricsPath ?? path);
  for await (const part of bodyOf({ ...asking, url, accept: pageTypes, maxBytes: maxPageBytes })) reader.push(part);
  const unified = unify(engines[engine.kind], reader.end(), engine.modelName);
  return engine.kind === 'llamacpp' ? [...unified, ...(await kvUsage(engine, askJson))] : unified;
}

/** Servers that were told to hide their slots are none the worse otherwise. */
async function kvUsage(
  { modelName = '' }: ConfiguredEngine,
  askJson: (path: string) => Promise<string>,
): Promise<readonly UnifiedSeries[]> {
  try {
    const value = kvUsageOf(await askJson('/slots'));
    if (value === undefined) return [];
    return [{ name: 'inference_kv_cache_usage_ratio', labels: { model_name: modelName }, value }];
  } catch (error) {
    if (error instanceof SourceError) return [];
    throw error;
  }
}

function tokenOf({ bearerTokenFile }: ConfiguredEngine, { readFile }: LookDeps): string | undefined {
  if (bearerTokenFile === undefined) return undefined;
  let token: string;
  try {
    // Read anew for each look, so that the token can be replaced.
    token = readFile(bearerTokenFile).trim();
  } catch (cause) {
    throw new SourceError(`cannot be asked: the token file ${bearerTokenFile} cannot be read`, { cause });
  }
  // fetch would refuse it with a message that holds it.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new SourceError(`cannot be asked: ${bearerTokenFile} holds no token`);
  return token;
}

/** The path behind the one that the address has of its own. */
function below(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}${path}`;
  return url;
}
