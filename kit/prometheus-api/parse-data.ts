import {
  asArray,
  asLabels,
  asNumber,
  asObject,
  asString,
  isAbsent,
  type JsonObject,
  parseValue,
  ShapeError,
} from './json.ts';
import type { InstantResult, InstantSample, RangeResult, Remarks, Sample, Series, SeriesResult } from './types.ts';

export function parseInstant(answer: JsonObject): InstantResult {
  const data = asObject(answer['data'], 'data');
  const type = asString(data['resultType'], 'data.resultType');
  switch (type) {
    case 'scalar':
      return { ...parseRemarks(answer), samples: [{ labels: {}, ...parsePair(data['result'], 'data.result') }] };
    case 'vector':
      return parseVector(answer, asArray(data['result'], 'data.result'));
    default:
      throw new ShapeError(`the expression gives a ${type}; an instant vector or a scalar is needed`);
  }
}

function parseVector(answer: JsonObject, result: readonly unknown[]): InstantResult {
  const samples: InstantSample[] = [];
  let skippedHistograms = 0;
  for (const [index, item] of result.entries()) {
    const where = `data.result[${index}]`;
    const element = asObject(item, where);
    if (element['value'] === undefined && element['histogram'] !== undefined) {
      skippedHistograms += 1;
      continue;
    }
    samples.push({ labels: asLabels(element['metric'], `${where}.metric`), ...parsePair(element['value'], where) });
  }
  return { ...parseRemarks(answer), samples, skippedHistograms };
}

export function parseMatrix(answer: JsonObject): RangeResult {
  const data = asObject(answer['data'], 'data');
  const type = asString(data['resultType'], 'data.resultType');
  if (type !== 'matrix') throw new ShapeError(`data.resultType must be "matrix", got "${type}"`);
  const series: Series[] = [];
  let skippedHistograms = 0;
  for (const [index, item] of asArray(data['result'], 'data.result').entries()) {
    const where = `data.result[${index}]`;
    const element = asObject(item, where);
    skippedHistograms += isAbsent(element['histograms']) ? 0 : asArray(element['histograms'], where).length;
    const values = isAbsent(element['values']) ? [] : asArray(element['values'], `${where}.values`);
    if (values.length === 0) continue;
    const samples = values.map((pair) => parsePair(pair, where));
    series.push({ labels: asLabels(element['metric'], `${where}.metric`), samples });
  }
  return { ...parseRemarks(answer), series, skippedHistograms };
}

export function parseSeries(answer: JsonObject): SeriesResult {
  const series = asArray(answer['data'], 'data').map((labels, index) => asLabels(labels, `data[${index}]`));
  return { ...parseRemarks(answer), series };
}

function parsePair(value: unknown, where: string): Sample {
  const pair = asArray(value, where);
  return { timestampSeconds: asNumber(pair[0], `${where} time`), value: parseValue(pair[1], `${where} value`) };
}

/** `isPartial` is VictoriaMetrics's word; Thanos and Mimir say it in a warning. */
function parseRemarks(answer: JsonObject): Remarks {
  const warnings = isAbsent(answer['warnings']) ? [] : asArray(answer['warnings'], 'warnings');
  return {
    warnings: warnings.map((warning) => asString(warning, 'warnings')),
    partial: answer['isPartial'] === true,
    skippedHistograms: 0,
  };
}
