import { lane, lanes } from './part.ts';
import type { PreparedSignal } from './prepared-signal.ts';

const hourMs = 3_600_000;
/** Hourly means of a model that a line needs. */
const fewestPairs = 24;

/** Straight lines of one signal by another, for each model of GPU, from the hourly means of all that have it. */
export interface ModelLines {
  /** Adds the hours of an entity, each to the model that it was known to have at its end. */
  readonly add: (entity: LineEntity) => void;
  /** `y` minus what the line says for `x`, fitted to the hours that were over by `atMs`, `fitMs` long. NaN where there are too few. */
  readonly residual: (
    model: string,
    point: { readonly x: number; readonly y: number },
    atMs: number,
    fitMs: number,
  ) => number;
}

export interface LineEntity {
  readonly modelAt: (ms: number) => string | undefined;
  readonly of: PreparedSignal;
  readonly given: PreparedSignal;
}

/** Of an hour: pairs, Σx, Σy, Σxx, Σxy. Of temperatures and watts, sums of a year keep more than ten digits. */
const sums = 5;

interface Model {
  readonly hours: Map<number, Float64Array>;
  readonly lines: Map<string, Line | undefined>;
}

interface Line {
  readonly x: number;
  readonly y: number;
  readonly slope: number;
}

export function createModelLines(): ModelLines {
  const models = new Map<string, Model>();
  const [one, other] = [new Float64Array(lanes), new Float64Array(lanes)];

  function modelOf(name: string): Model {
    const model = models.get(name) ?? { hours: new Map<number, Float64Array>(), lines: new Map<string, Line>() };
    models.set(name, model);
    return model;
  }

  function addHour({ modelAt, of, given }: LineEntity, hour: number): void {
    const [from, until] = [hour * hourMs, (hour + 1) * hourMs];
    of.read(one, from, until);
    given.read(other, from, until);
    const name = modelAt(until);
    if (other[lane.count] === 0 || name === undefined) return;
    const { hours } = modelOf(name);
    const into = hours.get(hour) ?? new Float64Array(sums);
    hours.set(hour, into);
    addPair(into, other[lane.mean] as number, one[lane.mean] as number);
  }

  function add(entity: LineEntity): void {
    let before = Number.NaN;
    for (const time of entity.of.timesMs) {
      const hour = Math.ceil(time / hourMs) - 1;
      if (hour === before) continue;
      before = hour;
      addHour(entity, hour);
    }
  }

  function lineOf({ hours, lines }: Model, untilHour: number, fitHours: number): Line | undefined {
    const key = `${untilHour} ${fitHours}`;
    if (lines.has(key)) return lines.get(key);
    const all = new Float64Array(sums);
    for (let hour = untilHour - fitHours; hour < untilHour; hour += 1) {
      const own = hours.get(hour);
      for (let each = 0; own !== undefined && each < sums; each += 1)
        all[each] = (all[each] as number) + (own[each] as number);
    }
    const line = fitted(all);
    lines.set(key, line);
    return line;
  }

  return {
    add,
    residual: (name, { x, y }, atMs, fitMs) => {
      const model = models.get(name);
      const line =
        model === undefined ? undefined : lineOf(model, Math.floor(atMs / hourMs), Math.round(fitMs / hourMs));
      return line === undefined ? Number.NaN : y - line.y - line.slope * (x - line.x);
    },
  };
}

function addPair(into: Float64Array, x: number, y: number): void {
  into[0] = (into[0] as number) + 1;
  into[1] = (into[1] as number) + x;
  into[2] = (into[2] as number) + y;
  into[3] = (into[3] as number) + x * x;
  into[4] = (into[4] as number) + x * y;
}

/** Where all have the same x, a level line. */
function fitted([count = 0, sumX = 0, sumY = 0, sumXx = 0, sumXy = 0]: Float64Array): Line | undefined {
  if (count < fewestPairs) return undefined;
  const x = sumX / count;
  const y = sumY / count;
  const spread = sumXx / count - x * x;
  const slope = spread > 1e-9 * (sumXx / count) ? (sumXy / count - x * y) / spread : 0;
  return { x, y, slope };
}
