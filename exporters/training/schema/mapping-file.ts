import {
  didYouMean,
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  oneOf,
  optional,
  type Place,
  positiveOf,
  textOf,
} from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { cut } from '../../../kit/options/preview.ts';
import { parseYaml } from '../../../kit/yaml.ts';
import { frameworks } from './frameworks.ts';
import { emptyMapping, type Mapping, type Model, type TagRule } from './mapping.ts';
import { knownGpus, peakFlopsOf } from './peak-flops.ts';
import { quantityNames } from './quantities.ts';

const maxRules = 2000;
const maxScalars = 1000;
const maxModels = 1000;
const maxGpus = 500;
/** Forward takes 2 FLOPs for each parameter and token, backward twice that (Kaplan et al., arXiv 2001.08361). */
const flopsPerParameterAndToken = 6;

/** Reads the file of `--mapping.file`. Throws ConfigError that names the file, the key, the bad value and what is allowed. */
export function parseMapping(file: string, text: string): Mapping {
  const document = parseYaml(file, text);
  if (document === undefined || document === null) return emptyMapping;
  const field = fieldsOf({ value: document, where: file }, ['tags', 'scalars', 'models', 'peak_flops'], ': ');
  const peaks = readPeaks(field('peak_flops'));
  return {
    tags: listOf(field('tags'), maxRules).map(readRule),
    scalars: listOf(field('scalars'), maxScalars).map(textOf),
    models: listOf(field('models'), maxModels).map((place) => readModel(place, peaks)),
  };
}

function readRule(place: Place): TagRule {
  const field = fieldsOf(place, ['tag', 'as', 'scale', 'axis', 'framework']);
  const as = oneOf(field('as'), ['ignore', ...quantityNames] as const);
  return {
    tag: textOf(field('tag')),
    quantity: as === 'ignore' ? undefined : as,
    scale: optional(field('scale'), scaleOf) ?? 1,
    axis: optional(field('axis'), (axis) => oneOf(axis, ['steps', 'samples'] as const)) ?? 'steps',
    framework: optional(field('framework'), (framework) => oneOf(framework, frameworks)),
  };
}

function scaleOf(place: Place): number {
  const { value } = place;
  if (typeof value === 'number' && Number.isFinite(value) && value !== 0) return value;
  throw invalid(place, 'a number other than 0');
}

function readPeaks(place: Place): ReadonlyMap<string, number> {
  const entries = optional(place, (present) => entriesOf(present, maxGpus)) ?? [];
  return new Map(
    entries.map(([gpu, value]) => [gpu, positiveOf({ value, where: `${place.where}.${cut(gpu)}` })] as const),
  );
}

function readModel(place: Place, peaks: ReadonlyMap<string, number>): Model {
  const field = fieldsOf(place, [
    'run',
    'parameters',
    'flops_per_token',
    'gpu',
    'gpus',
    'tokens_per_step',
    'sequence_length',
  ]);
  const parameters = optional(field('parameters'), positiveOf);
  const flopsPerToken = optional(field('flops_per_token'), positiveOf);
  if ((parameters === undefined) === (flopsPerToken === undefined)) {
    throw new ConfigError(`${place.where} must have either parameters or flops_per_token, it has ${both(parameters)}`);
  }
  return {
    run: textOf(field('run')),
    flopsPerToken: flopsPerToken ?? flopsPerParameterAndToken * (parameters ?? 0),
    peakFlopsPerSecond: readPeak(field('gpu'), peaks),
    gpus: optional(field('gpus'), positiveOf),
    tokensPerStep: optional(field('tokens_per_step'), positiveOf),
    sequenceLength: optional(field('sequence_length'), positiveOf),
  };
}

function both(parameters: number | undefined): string {
  return parameters === undefined ? 'neither' : 'both';
}

function readPeak(place: Place, peaks: ReadonlyMap<string, number>): number {
  const gpu = textOf(place);
  const peak = peaks.get(gpu) ?? peakFlopsOf(gpu);
  if (peak !== undefined) return peak;
  const known = [...peaks.keys(), ...knownGpus];
  const hint = didYouMean(gpu, known);
  throw invalid(place, `a GPU of peak_flops or one of ${knownGpus.join(', ')}`, hint);
}
