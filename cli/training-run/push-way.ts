import { createPushStream } from '../../exporters/training/client/push-stream.ts';
import { createTrainingClient } from '../../exporters/training/client/training-client.ts';
import type { PushedRun } from '../../exporters/training/decoders/push/push-identity.ts';
import { createTagMap } from '../../exporters/training/schema/create-tag-map.ts';
import { createSourceLedger } from '../../exporters/training/source-ledger.ts';
import type { Listening } from '../../exporters/training/sources/command/command-listener.ts';
import { readMapping } from '../../exporters/training/sources/mapping-in-force.ts';
import { ConfigError } from '../../kit/errors.ts';
import { checkTokenFile } from '../../kit/http/admin-guard.ts';
import type { TrainingRunOptions } from './options.ts';

interface PushWaySettings {
  readonly url: string;
  readonly options: TrainingRunOptions;
  readonly origin: PushedRun;
  readonly readFile: (path: string) => string;
  readonly say: (line: string) => void;
}

/** Runs a command and sends what it tells to an exporter. Throws ConfigError. */
export async function runAndPush(
  { url, options, origin, readFile, say }: PushWaySettings,
  run: (listening: Listening) => Promise<number>,
): Promise<number> {
  const tokenFile = options['push.token-file'];
  checkUrl(url);
  checkTokenFile({ option: '--push.token-file', tokenFile, readFile });
  const tags = createTagMap(readMapping(options['mapping.file'], readFile));
  const client = createTrainingClient({
    ...origin,
    url,
    framework: null,
    token: tokenFile === undefined ? undefined : () => readFile(tokenFile).trim(),
    onTrouble: say,
  });
  const exitCode = await run({ stream: createPushStream(client), tags, ledger: createSourceLedger() });
  await client.close();
  const lost = client.dropped();
  if (lost > 0) say(`${lost} records were left out, because the exporter was away or refused them`);
  return exitCode;
}

function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return;
  throw new ConfigError(
    `--push.url must be an http or https URL such as http://127.0.0.1:9410, got ${JSON.stringify(url)}`,
  );
}
