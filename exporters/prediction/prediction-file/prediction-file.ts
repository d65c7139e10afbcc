import { booleanOf, fieldsOf, listOf, optional, type Place, wholeOf } from '../../../kit/config-values.ts';
import { ConfigError, reasonOf } from '../../../kit/errors.ts';
import { parseYaml } from '../../../kit/yaml.ts';
import type { AnomalySettings } from '../anomaly/settings.ts';
import { defaultPriors, type RatePriors, readPriors } from '../risk/rate/priors.ts';
import { readAnomalySettings } from './anomaly-settings.ts';
import { type FeatureSettings, readFeatures } from './feature-settings.ts';
import { readSources } from './read-sources.ts';
import { readSeries, type SeriesSettings } from './series-settings.ts';
import type { PredictionSource } from './source.ts';
import { readTraining, type TrainingSettings } from './training-settings.ts';
import { fileOf, type ReadFile } from './values.ts';

/** What the file of `--prediction.file` says. */
export interface PredictionConfig {
  readonly sources: readonly PredictionSource[];
  readonly priors: RatePriors;
  /** CSV files with the failures that people know of. */
  readonly tickets: readonly string[];
  /** Alerts a day that a person can look at. */
  readonly alertBudget: number;
  readonly training: TrainingSettings;
  readonly features: FeatureSettings;
  /** Undefined where nothing is watched for anomalies. */
  readonly anomaly: AnomalySettings | undefined;
  readonly series: SeriesSettings;
}

export const predictionFileKeys = [
  'sources',
  'priors',
  'tickets',
  'alert_budget',
  'training',
  'features',
  'anomaly',
  'series',
];

const defaultAlertBudget = 10;
const mostTicketFiles = 20;

/** Throws ConfigError that names the file, the key, the bad value and what is allowed. */
export function readPredictionFile(path: string, readFile: ReadFile): PredictionConfig {
  const at = fieldsOf({ value: parseYaml(path, textOf(path, readFile)) ?? {}, where: path }, predictionFileKeys, ': ');
  return {
    sources: readSources(at('sources'), readFile),
    priors: optional(at('priors'), readPriors) ?? defaultPriors,
    tickets: listOf(at('tickets'), mostTicketFiles).map((each) => fileOf(each, readFile)),
    alertBudget: optional(at('alert_budget'), (each) => wholeOf(each, { min: 1, max: 1000 })) ?? defaultAlertBudget,
    training: readTraining(at('training')),
    features: readFeatures(at('features')),
    anomaly: anomalyOf(at('anomaly')),
    series: readSeries(at('series')),
  };
}

/** `anomaly: false` switches it off. */
function anomalyOf(place: Place): AnomalySettings | undefined {
  if (typeof place.value === 'boolean')
    return booleanOf(place) ? readAnomalySettings({ ...place, value: {} }) : undefined;
  return readAnomalySettings(place);
}

function textOf(path: string, readFile: ReadFile): string {
  try {
    return readFile(path);
  } catch (error) {
    throw new ConfigError(`--prediction.file cannot be read: ${reasonOf(error)}`);
  }
}
