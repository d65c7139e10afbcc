import { failureHistory, fleetSamples, plantedFailures } from '../../../../cli/simulate/prediction/fleet-history.ts';
import { type FleetPlan, type FleetSettings, hasShown } from '../../../../cli/simulate/prediction/fleet-plan.ts';
import { planFleet } from '../../../../cli/simulate/prediction/plan-fleet.ts';
import { simulatedSpec } from '../../../../cli/simulate/prediction/simulated-table.ts';
import { cardMarkdown } from '../../../../exporters/prediction/evaluation/card/card-markdown.ts';
import { defaultPromotionRule } from '../../../../exporters/prediction/evaluation/promotion/promotion.ts';
import { computeFeatures } from '../../../../exporters/prediction/features/compute-features.ts';
import type { FeatureTable } from '../../../../exporters/prediction/features/feature-table.ts';
import { type TrainingInput, train } from '../../../../exporters/prediction/learning/train.ts';
import type { ModelSet } from '../../../../exporters/prediction/pipeline/model-set.ts';
import { scoreFleet } from '../../../../exporters/prediction/pipeline/score-fleet.ts';
import { trainModels } from '../../../../exporters/prediction/pipeline/train-models.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const fromMs = Date.UTC(2026, 0, 1);
/** Models are made then. */
const trainedDay = 151;
/** Days of rows: each second one, from when a week is known. */
const rowDays = Array.from({ length: 94 }, (_, each) => 7 + 2 * each);
const budget = 3;

const settings: FleetSettings = {
  seed: 7,
  gpus: 120,
  gpusPerNode: 8,
  fromMs,
  days: 195,
  failuresPerYear: 3,
  shownShare: 0.6,
  repeatShare: 0.2,
};

/** A tenth of the trees: what is planted is plain. */
function trainFast({ settings: own, ...input }: TrainingInput) {
  return Promise.resolve(train({ ...input, settings: 'trees' in own ? { ...own, trees: 20 } : own }));
}

interface Scene {
  readonly plan: FleetPlan;
  readonly table: FeatureTable;
  readonly models: ModelSet;
}

async function sceneOf(own: FleetSettings): Promise<Scene> {
  const plan = planFleet(own);
  const moments = rowDays.map((day) => fromMs + day * dayMs);
  const table = computeFeatures(simulatedSpec, fleetSamples(plan, 6 * hourMs, failureHistory(plan)), moments);
  const known = table.atMs.findIndex((atMs) => atMs > fromMs + trainedDay * dayMs);
  const models = await trainModels(
    {
      tables: {
        gpu: {
          ...table,
          entity: table.entity.subarray(0, known),
          atMs: table.atMs.subarray(0, known),
          values: table.values.subarray(0, known * table.schema.names.length),
        },
      },
      history: failureHistory(plan, fromMs + trainedDay * dayMs),
      seed: 1,
      budgets: [budget],
      rule: { ...defaultPromotionRule, perDay: budget },
    },
    { train: trainFast },
  );
  return { plan, table, models };
}

const planted = sceneOf(settings);
const sudden = sceneOf({ ...settings, shownShare: 0, repeatShare: 0, failuresPerYear: 4 });

/** Of failures after the training: time from the first day within the budget to the failure, undefined without one. */
async function leads({ plan, table, models }: Scene) {
  const { events } = failureHistory(plan);
  const alerts: { readonly uuid: string; readonly atMs: number }[] = [];
  for (const day of rowDays.filter((each) => each >= trainedDay)) {
    const atMs = fromMs + day * dayMs;
    const entities = plan.gpus
      .filter(({ failures }) => failures.every((each) => atMs < each.atMs || atMs >= each.backMs))
      .map(({ entity }) => entity);
    const { risks } = scoreFleet(models, { atMs, entities, tables: { gpu: table }, events });
    const first = risks.toSorted((a, b) => b.probability['7d'] - a.probability['7d']).slice(0, budget);
    alerts.push(...first.map(({ entity }) => ({ uuid: entity.uuid, atMs })));
  }
  return plantedFailures(plan)
    .filter(({ atMs }) => atMs > fromMs + (trainedDay + 7) * dayMs)
    .map((failure) => {
      const first = alerts.find(
        ({ uuid, atMs }) => uuid === failure.entity.uuid && atMs < failure.atMs && atMs >= failure.atMs - 14 * dayMs,
      );
      return { failure, leadMs: first === undefined ? undefined : failure.atMs - first.atMs };
    });
}

test('with planted signs the learned model is promoted by the rule as it ships', async () => {
  const { models } = await planted;
  const week = models.kinds.gpu?.horizons['7d'];
  expect(week?.layer).toBe('learned');
  expect(week?.card.promotion?.incidents).toBeGreaterThanOrEqual(defaultPromotionRule.incidents);
  expect(week?.card.figures.brierSkill).toBeGreaterThan(0.03);
  const text = cardMarkdown(week?.card as never);
  expect(text).toContain('The learned model boosted is used.');
  expect(text).not.toContain('no better than one base rate');
});

test('failures that show themselves are found days before, in time that no model had seen; sudden ones are not', async () => {
  const found = await leads(await planted);
  const shown = found.filter(({ failure }) => hasShown(failure.cause) && failure.atMs - failure.signFromMs > 7 * dayMs);
  const rest = found.filter(({ failure }) => failure.cause === 'sudden');
  const caught = shown.flatMap(({ leadMs }) => leadMs ?? []).toSorted((a, b) => a - b);
  expect(shown.length).toBeGreaterThan(10);
  expect(rest.length).toBeGreaterThan(10);
  expect(caught.length / shown.length).toBeGreaterThan(0.6);
  expect(caught[Math.floor(caught.length / 2)]).toBeGreaterThan(2 * dayMs);
  expect(rest.filter(({ leadMs }) => leadMs !== undefined).length / rest.length).toBeLessThan(0.3);
});

test('without any sign the rate answers, and the card says that it knows nothing beyond the base rate', async () => {
  const { models } = await sudden;
  const gpu = models.kinds.gpu;
  expect(gpu?.horizons['7d'].card.promotion?.incidents).toBeGreaterThanOrEqual(defaultPromotionRule.incidents);
  expect(Object.values(gpu?.horizons ?? {}).map(({ layer }) => layer)).toEqual(['rate', 'rate', 'rate']);
  const week = gpu?.horizons['7d'].card;
  expect(week?.limits.join(' ')).toContain('it has not proven better than the base rate');
  expect(week?.limits).toContain('Its probabilities are no better than one base rate for all.');
  expect(week?.figures.brierSkill).toBeLessThanOrEqual(0);
  expect(gpu?.horizons['30d'].card.figures.brierSkill).toBeGreaterThan(-0.02);
});
