import { factAt } from './fact-at.ts';
import type { FeatureSpec, ResidualFeature } from './feature-spec.ts';
import { createModelLines, type ModelLines } from './model-lines.ts';
import { createStatisticReader, type PreparedEntity } from './prepared-entity.ts';
import { forEachRow, type Layout, writeCell } from './table-layout.ts';
import { windowMs } from './windows.ts';

/** Residuals are written when all entities have been added: the lines are those of the whole fleet. */
export interface Residuals {
  readonly add: (entity: PreparedEntity, index: number) => void;
  readonly write: () => void;
}

export function createResiduals({ features }: FeatureSpec, layout: Layout): Residuals {
  const all = features.flatMap((feature, column) =>
    feature.is === 'residual' ? [createResidual(feature, column, layout)] : [],
  );
  return {
    add: (entity, index) => {
      for (const each of all) each.add(entity, index);
    },
    write: () => {
      for (const each of all) each.write();
    },
  };
}

function createResidual(feature: ResidualFeature, column: number, layout: Layout): Residuals {
  const lines: ModelLines = createModelLines();
  const points = {
    x: new Float64Array(layout.rows).fill(Number.NaN),
    y: new Float64Array(layout.rows).fill(Number.NaN),
  };
  return {
    add: ({ signals, samples }, index) => {
      const of = signals.get(feature.of);
      const given = signals.get(feature.given);
      if (of === undefined || given === undefined) return;
      lines.add({ of, given, modelAt: (ms) => factAt(samples.facts.get('model'), ms) });
      const read = createStatisticReader(signals);
      const mean = { statistic: 'mean', window: feature.window } as const;
      forEachRow(layout, index, (row, atMs) => {
        points.y[row] = read({ ...mean, signal: feature.of }, atMs);
        points.x[row] = read({ ...mean, signal: feature.given }, atMs);
      });
    },
    write: () => {
      for (const [index, { facts }] of layout.entities.entries()) {
        forEachRow(layout, index, (row, atMs) => {
          const model = factAt(facts.get('model'), atMs);
          if (model === undefined) return;
          const point = { x: points.x[row] as number, y: points.y[row] as number };
          writeCell(layout, row, column, lines.residual(model, point, atMs, windowMs[feature.fit]));
        });
      }
    },
  };
}
