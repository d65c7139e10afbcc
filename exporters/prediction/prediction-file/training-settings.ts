import { booleanOf, fieldsOf, optional, type Place, wholeOf } from '../../../kit/config-values.ts';
import { durationOf } from './values.ts';

/** When models are made, and of what. Lengths of time in ms. */
export interface TrainingSettings {
  readonly isOn: boolean;
  readonly everyMs: number;
  /** How much history is read and learned from. */
  readonly windowMs: number;
  readonly threads: number;
  readonly seed: number;
}

const dayMs = 86_400_000;

/** Of the reference: 180 and 365 days and all history were equal where they were compared. */
export const defaultTraining: TrainingSettings = {
  isOn: true,
  everyMs: 7 * dayMs,
  windowMs: 365 * dayMs,
  threads: 2,
  seed: 1,
};

const trainingKeys = ['enabled', 'every', 'window', 'threads', 'seed'];

/** Reads `training`; nothing in it must be there. Throws ConfigError that names the key. */
export function readTraining(place: Place): TrainingSettings {
  if (place.value === undefined || place.value === null) return defaultTraining;
  const field = fieldsOf(place, trainingKeys);
  return {
    isOn: optional(field('enabled'), booleanOf) ?? defaultTraining.isOn,
    everyMs: optional(field('every'), (at) => durationOf(at, '10m', '90d')) ?? defaultTraining.everyMs,
    windowMs: optional(field('window'), (at) => durationOf(at, '1d', '3650d')) ?? defaultTraining.windowMs,
    threads: optional(field('threads'), (at) => wholeOf(at, { min: 1, max: 64 })) ?? defaultTraining.threads,
    seed: optional(field('seed'), (at) => wholeOf(at, { min: 0, max: 2 ** 31 - 1 })) ?? defaultTraining.seed,
  };
}
