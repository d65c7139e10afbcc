import type { Clock } from '../../../kit/clock.ts';
import type { Log } from '../../../kit/log.ts';
import type { AnomalyEvent } from '../anomaly/engine/events.ts';
import type { Entity } from '../entity.ts';
import { featureDrift } from '../evaluation/drift/feature-drift.ts';
import { precursorsOf } from '../evaluation/precursors.ts';
import { seriesOfColumns } from '../features/column-origins.ts';
import type { Signs } from '../labels/sign.ts';
import type { TrainingProgress, TrainModelsInput } from '../pipeline/train-models.ts';
import type { PredictionConfig } from '../prediction-file/prediction-file.ts';
import type { Presence } from '../sources/prometheus/presence.ts';
import { inTurns } from '../steps.ts';
import type { Trained } from '../store/train-in-worker.ts';
import type { FailuresView, PredictionView } from '../view.ts';
import type { AnomalyRunner } from './anomaly-runner.ts';
import type { CatchUp, KindStore } from './catch-up.ts';
import type { Diary } from './diary.ts';
import { type Loop, startLoop } from './loop.ts';
import type { ModelsInUse } from './models-in-use.ts';
import { type Judgement, judgeDays } from './outcomes.ts';
import { newestTables, presenceTables, type Tables, trainingTables } from './read-tables.ts';
import { saidDayOf } from './said-days.ts';
import { createScorer, type Scored } from './scorer.ts';
import { createTrainer } from './trainer.ts';
import type { WatchedSource } from './watched-source.ts';

/** A source with what is read of its history. */
export interface Followed {
  readonly watched: WatchedSource;
  readonly stores: readonly KindStore[];
  /** Where a kind has no store. */
  readonly presence: Presence | undefined;
  readonly catchUp: CatchUp;
}

export interface RuntimeDeps {
  readonly config: PredictionConfig;
  readonly followed: readonly Followed[];
  readonly anomalies: AnomalyRunner | undefined;
  readonly models: ModelsInUse;
  readonly diary: Diary;
  readonly tickets: (entities: readonly Entity[], nowMs: number) => Signs;
  readonly train: (
    input: TrainModelsInput,
    signal: AbortSignal,
    onProgress: (progress: TrainingProgress) => void,
  ) => Promise<Trained>;
  readonly scoreEverySeconds: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** All that goes on between a start, or a reload, and the next. */
export interface Runtime {
  readonly view: () => PredictionView;
  readonly scored: () => Scored | undefined;
  readonly anomalyEvents: () => readonly AnomalyEvent[];
  /** Others answer from now on: everybody is scored anew. */
  readonly modelsChanged: () => void;
  readonly stop: () => Promise<void>;
}

/** How often it is looked whether there is something to read or to train. */
const lookSeconds = 30;
const settledMs = 150_000;

export function startRuntime(deps: RuntimeDeps): Runtime {
  const { config, followed, anomalies, models, diary, tickets, train, scoreEverySeconds, clock, log } = deps;
  const sources = followed.map(({ watched }) => watched);
  const stores = followed.flatMap((each) => each.stores);
  const nowMs = (): number => Math.floor(clock.now() * 1000);
  let scored: Scored | undefined;
  let failures: FailuresView | undefined;
  let judgement: Judgement | undefined;
  let tables: Tables = {};
  let drift: PredictionView['drift'] = {};
  /** How often history was read on, and how much of that the last scores know. */
  let [historiesRead, historiesScored] = [0, 0];

  const score = createScorer({
    sources,
    models: models.current,
    corrections: () => judgement?.corrections,
    tables: () => tables,
    tickets,
    clock,
    log,
  });

  async function scoreRound(signal: AbortSignal): Promise<void> {
    const isFirst = scored === undefined;
    const known = historiesRead;
    scored = await score(signal);
    if (isFirst) for (const each of histories) each.wake();
    const isNews = historiesScored !== known;
    historiesScored = known;
    if (isNews) training.wake();
    const { incidents, raised } = scored.failures;
    failures = { incidents, precursors: precursorsOf(incidents, raised) };
    await say(scored, signal);
  }

  /** What is said without a source would be missing from the day. */
  async function say({ run, scores, failures: history }: Scored, signal: AbortSignal): Promise<void> {
    const isNew = run.isComplete && run.risks.length > 0 && diary.isDue(run.atMs);
    try {
      if (isNew) await diary.add(saidDayOf(scores));
    } finally {
      if (judgement === undefined || isNew) await judge(run, history, signal);
    }
  }

  async function judge(run: Scored['run'], history: Scored['failures'], signal: AbortSignal): Promise<void> {
    const used = models.current();
    const judging = judgeDays(diary.days(), history, { models: used, nowMs: run.atMs, budget: config.alertBudget });
    const fresh = await inTurns(judging, signal);
    // Others may answer meanwhile, whose corrections are not these.
    if (models.current() === used) judgement = fresh;
  }

  async function takeTables(): Promise<void> {
    tables = await newestTables(stores, nowMs());
    measureDrift();
  }

  function measureDrift(): void {
    const { kinds } = models.current();
    drift = Object.fromEntries(
      Object.values(kinds).flatMap(({ kind, shapes, schema }) => {
        const table = tables[kind];
        if (table === undefined || table.schema.names.length !== schema.names.length) return [];
        return [[kind, featureDrift(shapes, table, Uint32Array.from(table.atMs.keys()))]];
      }),
    );
  }

  const trainer = createTrainer({
    settings: config.training,
    madeAtMs: () => (models.isPrior() ? undefined : models.current().madeAtMs),
    // Failures of before are known with the first scores after they were read.
    isReady: () => followed.every(({ catchUp }) => catchUp.isDone()) && historiesScored === historiesRead,
    train: async (signal, onProgress) => train(await trainingInput(), signal, onProgress),
    onTrained: async (trained) => {
      await models.swap(trained);
      changed();
    },
    clock,
    log,
  });

  async function trainingInput(): Promise<TrainModelsInput> {
    if (scored === undefined) throw new RangeError('trained before anything was read');
    const { failures: history, products } = scored;
    const untilMs = history.nowMs;
    return {
      tables: {
        ...presenceTables(followed.flatMap(({ presence }) => presence ?? [])),
        ...(await trainingTables(stores, { fromMs: untilMs - config.training.windowMs, untilMs })),
      },
      origins: Object.fromEntries(stores.map(({ kind, spec }) => [kind, seriesOfColumns(spec)])),
      history,
      products,
      priors: config.priors,
      budgets: [config.alertBudget],
      seed: config.training.seed,
      provenance: Object.fromEntries(sources.map(({ source }) => [source.name, new URL(source.url).origin])),
    };
  }

  function changed(): void {
    judgement = undefined;
    measureDrift();
    scoring.wake();
  }

  function followRound({ catchUp }: Followed): (signal: AbortSignal) => Promise<void> {
    let dueMs = 0;
    return async (signal) => {
      // Tickets are of entities that were seen.
      if (nowMs() < dueMs || scored === undefined) return;
      await catchUp.run(signal);
      historiesRead += 1;
      const { everyMs } = config.features;
      dueMs = (Math.floor((nowMs() - settledMs) / everyMs) + 1) * everyMs + settledMs;
      await takeTables();
      scoring.wake();
    };
  }

  const scoring = startLoop({ name: 'scoring', everySeconds: scoreEverySeconds, round: scoreRound, log });
  const training = startLoop({ name: 'training', everySeconds: lookSeconds, round: trainer.step, log });
  const histories = followed.map((each) =>
    startLoop({
      name: `history of ${each.watched.source.name}`,
      everySeconds: lookSeconds,
      round: followRound(each),
      log,
    }),
  );
  const loops: readonly Loop[] = [
    scoring,
    training,
    ...histories,
    ...(anomalies === undefined || config.anomaly === undefined
      ? []
      : [
          startLoop({
            name: 'anomalies',
            everySeconds: config.anomaly.stepMs / 1000,
            round: (signal) => anomalies.step(nowMs(), signal),
            log,
          }),
        ]),
  ];

  return {
    scored: () => scored,
    anomalyEvents: () => anomalies?.recent() ?? [],
    modelsChanged: changed,
    view: () => ({
      run: scored?.run,
      alertBudget: config.alertBudget,
      models: models.current(),
      swaps: models.swaps(),
      training: trainer.view(),
      outcomes: judgement?.outcomes,
      drift,
      failures,
      sources: followed.map(({ watched, catchUp }) => ({ ...watched.view(), backfill: catchUp.view() })),
      anomaly: anomalies?.view(),
      series: config.series,
    }),
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
      if (anomalies?.view().atMs !== undefined) anomalies.save();
    },
  };
}
