import {
  fieldsOf,
  invalid,
  listOf,
  oneOf,
  optional,
  type Place,
  textOf,
  wholeOf,
} from '../../../../kit/config-values.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { type EntityKind, entityKinds } from '../../entity.ts';
import type { Shape } from '../../evaluation/drift/psi.ts';
import type { FeatureSchema } from '../../features/feature-table.ts';
import { hashOfSchema } from '../../features/schema.ts';
import { byHorizon, type Horizon, horizons } from '../../horizon.ts';
import type { Model } from '../../learning/model/model.ts';
import { readModel } from '../../learning/model/read-model.ts';
import { listOfLength, numberOf } from '../../learning/model/read-values.ts';
import { riskLayers } from '../../risk/risk.ts';
import type { HorizonModels, KindModels } from '../model-set.ts';
import { readShownCard, readTried } from './read-evidence.ts';

const mostColumns = 4096;

export function readKind(place: Place, wanted: EntityKind): KindModels {
  const field = fieldsOf(place, ['kind', 'schema', 'shapes', 'horizons']);
  const kind = oneOf(field('kind'), entityKinds);
  if (kind !== wanted) throw new SourceError(`${place.where} says that it is of ${kind}`);
  const schema = readSchema(field('schema'));
  const each = fieldsOf(field('horizons'), horizons);
  return {
    kind,
    schema,
    shapes: listOfLength(field('shapes'), schema.names.length).map((value, at) =>
      readShape({ value, where: `${place.where}.shapes[${at}]` }),
    ),
    horizons: byHorizon((horizon) => readHorizon(each(horizon), horizon, schema)),
  };
}

function readSchema(place: Place): FeatureSchema {
  const field = fieldsOf(place, ['version', 'names']);
  return {
    version: wholeOf(field('version'), { min: 0, max: 2 ** 31 }),
    names: listOf(field('names'), mostColumns).map(textOf),
  };
}

function readShape(place: Place): Shape {
  const field = fieldsOf(place, ['edges', 'counts']);
  const edges = listOf(field('edges'), 100).map((each) => numberOf(each));
  const counts = listOf(field('counts'), 102).map((each) => wholeOf(each, { min: 0, max: Number.MAX_SAFE_INTEGER }));
  const isAscending = edges.every((edge, at) => at === 0 || edge > (edges[at - 1] ?? 0));
  if (!isAscending || counts.length !== edges.length + 2)
    throw invalid(place, 'ascending edges and two counts more than edges');
  return { edges, counts };
}

function readHorizon(place: Place, wanted: Horizon, schema: FeatureSchema): HorizonModels {
  const field = fieldsOf(place, ['horizon', 'layer', 'why', 'model', 'baseRate', 'card', 'tried']);
  const horizon = oneOf(field('horizon'), horizons);
  const layer = oneOf(field('layer'), riskLayers);
  const model = optional(field('model'), (each) => readModel(JSON.stringify(each.value), each.where));
  if (horizon !== wanted) throw new SourceError(`${place.where} says that it is of ${horizon}`);
  checkModel(model, { layer, horizon, schema, where: place.where });
  return {
    horizon,
    layer,
    why: listOf(field('why'), 100).map(textOf),
    model,
    baseRate: optional(field('baseRate'), (each) => numberOf(each, 0, 1)),
    card: readShownCard(field('card')),
    tried: readTried(field('tried')),
  };
}

interface Expected {
  readonly layer: HorizonModels['layer'];
  readonly horizon: Horizon;
  readonly schema: FeatureSchema;
  readonly where: string;
}

function checkModel(model: Model | undefined, { layer, horizon, schema, where }: Expected): void {
  if ((layer === 'learned') !== (model !== undefined))
    throw new SourceError(`${where} answers by ${layer}, and ${model === undefined ? 'has no' : 'has a'} model`);
  if (model === undefined) return;
  if (model.card.horizon !== horizon || hashOfSchema(model.card.schema) !== hashOfSchema(schema))
    throw new SourceError(`${where} has a model of another horizon, or of other features`);
}
