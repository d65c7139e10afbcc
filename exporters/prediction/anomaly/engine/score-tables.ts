/** What the last step said, by the number of the entity: rows of one number for each signal. NaN is no score. Written anew in each step. */
export interface ScoreTables {
  readonly values: Float64Array;
  readonly tail: Float64Array;
  readonly peers: Float64Array;
  readonly drift: Float64Array;
  /** Distances to the median of the group. */
  readonly residuals: Float64Array;
  /** What these distances usually are; NaN until two weeks are known. */
  readonly usual: Float64Array;
  /** One for each entity: the tail ratio of all signals together. */
  readonly joint: Float64Array;
}

export function newTables(entities: number, signals: number): ScoreTables {
  const table = (): Float64Array => new Float64Array(entities * signals).fill(Number.NaN);
  return {
    values: table(),
    tail: table(),
    peers: table(),
    drift: table(),
    residuals: table(),
    usual: table(),
    joint: new Float64Array(entities).fill(Number.NaN),
  };
}

/** The same for more entities. */
export function enlarged(tables: ScoreTables, entities: number, signals: number): ScoreTables {
  const larger = newTables(entities, signals);
  for (const name of Object.keys(larger) as (keyof ScoreTables)[]) larger[name].set(tables[name]);
  return larger;
}

/** A number that is given to another entity. */
export function clearRow(tables: ScoreTables, index: number, signals: number): void {
  const { joint, ...wide } = tables;
  for (const table of Object.values(wide)) table.fill(Number.NaN, index * signals, (index + 1) * signals);
  joint[index] = Number.NaN;
}
