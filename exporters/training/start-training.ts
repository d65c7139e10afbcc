import { createCollectorRunner } from '../../kit/collector.ts';
import type { DaemonContext, Service } from '../../kit/daemon.ts';
import { adminGuard } from '../../kit/http/admin-guard.ts';
import { collectEarly, keepHeapSmall } from '../../kit/small-heap.ts';
import { training } from '../../metrics/training.ts';
import { pushRoutes } from './api/push.ts';
import { trainingCollectors } from './collectors/index.ts';
import type { TrainingOptions } from './options.ts';
import { createRunBook } from './runs/run-book.ts';
import { createSourceLedger } from './source-ledger.ts';
import type { ExtraSource } from './sources/extra-source.ts';
import { startTrainingFiles } from './sources/files/training-files.ts';
import { createMappingInForce } from './sources/mapping-in-force.ts';
import { startUdpPush } from './sources/push/udp-push.ts';

interface Settings {
  /** Tellers of runs that live in this process, such as a command that it wraps. */
  readonly extraSources?: readonly ExtraSource[];
}

/** Collectors over state in memory take milliseconds; the deadline is for a bug in one of them. */
const collectorDeadlineSeconds = 5;
const expireMs = 5000;

/** Follows the runs that the options name, takes pushes, and shows both. Throws ConfigError. */
export async function startTraining(
  context: DaemonContext<TrainingOptions>,
  { extraSources = [] }: Settings = {},
): Promise<Service<TrainingOptions>> {
  keepHeapSmall();
  collectEarly();
  const { options, clock, log, readFile } = context;
  const ledger = createSourceLedger();
  const mapping = createMappingInForce(options['mapping.file'], readFile);
  const book = createRunBook(
    {
      maxRuns: options['runs.max'],
      idleSeconds: options['runs.idle-after'],
      retentionSeconds: options['runs.retention'],
      maxScalars: options['scalars.max'],
      maxRanks: options['ranks.max'],
    },
    { clock, ledger, modelOf: mapping.modelOf },
  );
  const { tags } = mapping;
  const udp = options['push.udp']
    ? await startUdpPush({ address: options['push.udp-address'], journal: book, ledger, tags, clock, log })
    : undefined;
  const files = await startTrainingFiles({ options, book, tags, ledger, clock, log });
  for (const source of extraSources) source.start(book, tags, ledger);
  const expiry = setInterval(book.expire, expireMs);
  const runner = createCollectorRunner(training, trainingCollectors, {
    clock,
    log,
    deadlineSeconds: collectorDeadlineSeconds,
  });
  const shownRanks = options['ranks.all'] ? Number.POSITIVE_INFINITY : options['ranks.shown'];
  const guard = adminGuard({
    option: '--push.token-file',
    tokenFile: options['push.token-file'],
    listenAddress: options['web.listen-address'],
    readFile,
  });
  return {
    families: () => runner.run({ runs: book.shown(), sources: ledger.counts(), nowSeconds: clock.now(), shownRanks }),
    notReady: files.notReady,
    routes: pushRoutes({
      journal: book,
      ledger,
      guard,
      tags,
      clock,
      maxAtOnce: Math.ceil(options['web.max-requests'] / 2),
    }),
    reload: (next) => {
      mapping.reload(next['mapping.file']);
      book.setModels(mapping.modelOf);
      files.reopen();
    },
    stop: async () => {
      clearInterval(expiry);
      await Promise.all([udp?.stop(), ...extraSources.map((source) => source.stop())]);
      await files.stop();
    },
  };
}
