import { readFileSync } from 'node:fs';
import { pushRoutes } from '../../exporters/training/api/push.ts';
import { createSourceLedger, type SourceCounts } from '../../exporters/training/source-ledger.ts';
import { systemClock } from '../../kit/clock.ts';
import { adminGuard } from '../../kit/http/admin-guard.ts';
import { startHttpServer } from '../../kit/http/server.ts';
import { type HttpTiming, httpTiming } from '../../kit/http/timing.ts';
import { createLog } from '../../kit/log.ts';
import { readWebConfig } from '../../kit/web-settings.ts';
import { createFakeJournal, type FakeJournal } from './fake-journal.ts';
import { fakeTagMap } from './fake-tag-map.ts';

interface PushReceiverSettings {
  readonly tokenFile?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  readonly maxRuns?: number;
  readonly maxPushes?: number;
  readonly timing?: Partial<HttpTiming>;
}

export interface PushReceiver extends FakeJournal {
  readonly url: string;
  readonly counts: () => SourceCounts;
  readonly stop: () => Promise<void>;
}

/** The HTTP side of the exporter: its server, its guard and its handler of pushes, before a journal that records. */
export async function startPushReceiver(settings: PushReceiverSettings = {}): Promise<PushReceiver> {
  const address = { host: '127.0.0.1', port: settings.port ?? 0 };
  const fake = createFakeJournal(settings.maxRuns === undefined ? {} : { maxRuns: settings.maxRuns });
  const ledger = createSourceLedger();
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  const guard = adminGuard({
    option: '--push.token-file',
    tokenFile: settings.tokenFile,
    listenAddress: address,
    readFile,
  });
  const server = await startHttpServer({
    address,
    maxRequests: 40,
    webConfig: readWebConfig(undefined, readFile),
    timing: { ...httpTiming, closeGraceMs: 100, ...settings.timing },
    log: createLog({ level: 'error', format: 'logfmt', daemon: 'training', write: () => undefined }),
    onRejected: () => undefined,
    routes: pushRoutes({
      journal: fake.journal,
      ledger,
      guard,
      tags: fakeTagMap,
      clock: systemClock,
      maxAtOnce: settings.maxPushes ?? 20,
    }),
  });
  return {
    journal: fake.journal,
    // Not a copy: it grows.
    get streams() {
      return fake.streams;
    },
    only: fake.only,
    url: server.url,
    counts: ledger.counts,
    stop: server.close,
  };
}
