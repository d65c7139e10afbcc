import { join } from 'node:path';
import { createRoleTokens } from '../../kit/api/role-tokens.ts';
import { serveRoutes } from '../../kit/api/serve-routes.ts';
import { createCollectorRunner } from '../../kit/collector.ts';
import type { DaemonContext, Service } from '../../kit/daemon.ts';
import { reasonOf } from '../../kit/errors.ts';
import { fileSignature } from '../../kit/http/file-watch.ts';
import { prediction } from '../../metrics/prediction.ts';
import { predictionRoutes } from './api/routes/index.ts';
import type { PredictionServices } from './api/services.ts';
import { predictionCollectors } from './collectors/index.ts';
import { fileOf, type PredictionOptions } from './options.ts';
import { type PredictionConfig, readPredictionFile } from './prediction-file/prediction-file.ts';
import { createAnomalyRunner } from './serving/anomaly-runner.ts';
import { openDiary } from './serving/diary.ts';
import { loadModels } from './serving/models-in-use.ts';
import { openSources } from './serving/open-sources.ts';
import { createTicketReader } from './serving/read-ticket-files.ts';
import { type Runtime, startRuntime } from './serving/runtime.ts';
import { lockFolder } from './store/folder-lock.ts';
import { removeLeftovers } from './store/leftovers.ts';
import { openModelStore } from './store/models/model-store.ts';
import { openSaidLog } from './store/said-log.ts';
import { trainInWorker } from './store/train-in-worker.ts';

/** Collectors over what was computed take milliseconds; the deadline is for a bug in one of them. */
const collectorDeadlineSeconds = 8;

/** Takes the folder, scores the fleet again and again, learns from its history, and serves what it knows. Throws ConfigError. */
export async function startPrediction(context: DaemonContext<PredictionOptions>): Promise<Service<PredictionOptions>> {
  const { options, clock, log, readFile } = context;
  const config = readPredictionFile(fileOf(options['prediction.file']), readFile);
  const folder = options['prediction.folder'];
  const tokensFile = options['api.tokens-file'];
  const tokens =
    tokensFile === undefined ? undefined : createRoleTokens(tokensFile, { readFile, signatureOf: fileSignature, log });
  const lock = await lockFolder(folder, (holder) => {
    log.error('another process has taken the folder; nothing is written any more', { folder, holder });
    void changing.then(() => runtime.stop());
  });
  await removeLeftovers(folder);
  const models = await loadModels(await openModelStore({ folder: join(folder, 'models') }), config.priors, log);
  const said = await openSaidLog(join(folder, 'said'), (problem) => log.warn('a day of what was said', { problem }));
  const diary = await openDiary(said);
  const lastGood = new Map<string, string>();
  const scoreEverySeconds = options['prediction.scoring-interval'];
  let active = config;
  let runtime = await start(config);
  let changing = Promise.resolve();

  async function start(next: PredictionConfig): Promise<Runtime> {
    const tickets = createTicketReader(next.tickets, { readFile, log, lastGood });
    const followed = await openSources({
      config: next,
      folder,
      scoreEverySeconds,
      tickets,
      readFile,
      clock,
      log,
    });
    return startRuntime({
      config: next,
      followed,
      anomalies:
        next.anomaly === undefined
          ? undefined
          : createAnomalyRunner({
              settings: next.anomaly,
              sources: followed.map(({ watched: { connected, source } }) => ({
                api: connected.now,
                asking: { labels: source.labels, matchers: source.match },
              })),
              file: join(folder, 'anomalies.state'),
              log,
            }),
      models,
      diary,
      tickets,
      train: (input, signal, onProgress) =>
        trainInWorker(input, {
          running: models.isPrior() ? undefined : models.current(),
          threads: next.training.threads,
          signal,
          onProgress,
        }),
      scoreEverySeconds,
      clock,
      log,
    });
  }

  /** What is under way ends first, for it writes to the same files. If the new one cannot be used after all, the old one goes on. */
  async function restart(next: PredictionConfig): Promise<void> {
    await runtime.stop();
    try {
      models.usePriors(next.priors);
      runtime = await start(next);
      active = next;
    } catch (error) {
      log.error('the new configuration cannot be used, the one before goes on', { reason: reasonOf(error) });
      models.usePriors(active.priors);
      runtime = await start(active);
    }
  }

  const services: PredictionServices = {
    view: () => runtime.view(),
    scored: () => runtime.scored(),
    anomalyEvents: () => runtime.anomalyEvents(),
    models: models.current,
    previousModels: models.previous,
    rollBack: async (caller) => {
      const set = await models.rollBack();
      log.warn('models rolled back', { models: set.id, caller });
      runtime.modelsChanged();
      return set;
    },
  };
  const runner = createCollectorRunner(prediction, predictionCollectors, {
    clock,
    log,
    deadlineSeconds: collectorDeadlineSeconds,
  });

  return {
    families: () => runner.run(runtime.view()),
    notReady: () => (runtime.scored() === undefined ? 'the fleet was not scored yet' : undefined),
    links: [
      { path: '/api/v1/risk', text: 'who is likeliest to fail' },
      { path: '/api/v1/incidents', text: 'failures that are known' },
      { path: '/api/v1/anomalies', text: 'who is unlike before, or unlike its peers' },
      { path: '/api/v1/models', text: 'which models answer, and why' },
      { path: '/api/v1/sources', text: 'which sources answer, and how far their history is read' },
      { path: '/api/v1/openapi.json', text: 'description of the API' },
    ],
    routes: (app) => {
      const access = { tokens, read: options['api.read'], listenAddress: options['web.listen-address'] };
      serveRoutes(app, predictionRoutes, { services, access, log });
    },
    reload: (next) => {
      const fresh = readPredictionFile(fileOf(next['prediction.file']), readFile);
      changing = changing
        .then(() => restart(fresh))
        .catch((error: unknown) => log.error('the new configuration cannot be used', { reason: reasonOf(error) }));
    },
    stop: async () => {
      await changing;
      await runtime.stop();
      await lock.release();
    },
  };
}
