import type { Feature, FeatureSpec, SignalSpec, Statistic } from '../../features/feature-spec.ts';

/** What the server makes of the samples of a step. */
export const reductions = ['mean', 'sd', 'max', 'last', 'count'] as const;
export type Reduction = (typeof reductions)[number];

/**
 * What is asked for a gauge. Means, deviations, maxima and last values of steps can be put together exactly to those of a window, as long as it is made of
 * whole steps; of a slope only what happens within a step is lost. A gauge whose last value alone counts needs no mean. Numbers of samples are asked only
 * where they are meant: all series of an exporter come with the same scrapes, so those of `present` weigh the others.
 */
export function reductionsOf({ features }: FeatureSpec, { name }: SignalSpec): readonly Reduction[] {
  const wanted = new Set(features.flatMap((feature) => statisticsAskedOf(feature, name)));
  const hasMean = wanted.has('mean') || wanted.has('sd');
  const isWanted: Readonly<Record<Reduction, boolean>> = {
    mean: hasMean,
    sd: wanted.has('sd'),
    max: wanted.has('max'),
    last: wanted.has('last') || (!hasMean && !wanted.has('max')),
    count: wanted.has('samples'),
  };
  return reductions.filter((reduction) => isWanted[reduction]);
}

function statisticsAskedOf(feature: Feature, signal: string): readonly Statistic[] {
  switch (feature.is) {
    case 'statistic':
      return feature.signal === signal ? [feature.statistic] : [];
    case 'ratio':
      return [feature.over, feature.under].filter((each) => each.signal === signal).map(({ statistic }) => statistic);
    case 'residual':
      return feature.of === signal || feature.given === signal ? ['mean'] : [];
    default:
      return [];
  }
}
