import { perRun, withoutFloatNoise } from './training-collector.ts';

export const scalarsCollector = perRun('scalars', ({ labels, state }, { emit }) => {
  for (const [tag, value] of state.scalars) emit('training_scalar', { ...labels, tag }, withoutFloatNoise(value));
});
