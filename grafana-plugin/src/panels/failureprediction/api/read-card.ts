import { type JsonRecord, listOf, numberOf, recordOf, textOf } from './record';

/** What people need of a model card. */
export interface Card {
  readonly name: string;
  readonly version: string;
  readonly madeAtMs: number | undefined;
  readonly rows: number;
  readonly failedRows: number;
  readonly trainedFromMs: number | undefined;
  readonly trainedUntilMs: number | undefined;
  readonly limits: readonly string[];
  readonly incidents: number | undefined;
  readonly averagePrecision: number | undefined;
  readonly baseRate: number | undefined;
  readonly brierSkill: number | undefined;
  readonly budget: Budget | undefined;
  readonly bins: readonly ReliabilityBin[];
  readonly chosen: string | undefined;
  readonly verdicts: readonly string[];
}

export interface Budget {
  readonly perDay: number;
  readonly precision: number | undefined;
  readonly recall: number | undefined;
  readonly caught: number | undefined;
  readonly incidents: number | undefined;
  readonly leadMs: number | undefined;
  readonly shortLeadMs: number | undefined;
}

/** Statements of about one size, and what became of them. */
export interface ReliabilityBin {
  readonly rows: number;
  readonly lowest: number;
  readonly highest: number;
  readonly expected: number;
  readonly observed: number;
}

export function readCard(answer: unknown): Card {
  const record = recordOf(answer);
  const model = recordOf(record?.model);
  if (record === undefined || model === undefined) throw new Error('the answer has no "model"');
  const figures = recordOf(record.figures) ?? {};
  const promotion = recordOf(record.promotion);
  return {
    name: textOf(model.name) ?? '',
    version: textOf(model.version) ?? '',
    madeAtMs: numberOf(model.madeAtMs) || undefined,
    rows: numberOf(model.rows) ?? 0,
    failedRows: numberOf(model.failedRows) ?? 0,
    trainedFromMs: numberOf(model.trainedFromMs),
    trainedUntilMs: numberOf(model.trainedUntilMs),
    limits: textsIn(record.limits),
    incidents: numberOf(recordOf(figures.outcome)?.incidents),
    averagePrecision: numberOf(figures.averagePrecision),
    baseRate: numberOf(figures.baseRate),
    brierSkill: numberOf(figures.brierSkill),
    budget: readBudget(recordOf(listOf(figures.budgets)[0])),
    bins: listOf(figures.reliability).flatMap((each) => readBin(recordOf(each)) ?? []),
    chosen: textOf(promotion?.chosen),
    verdicts: textsIn(promotion?.reasons),
  };
}

function readBudget(record: JsonRecord | undefined): Budget | undefined {
  const perDay = numberOf(record?.perDay);
  if (record === undefined || perDay === undefined) return undefined;
  return {
    perDay,
    precision: numberOf(record.precision),
    recall: numberOf(record.recall),
    caught: numberOf(record.caught),
    incidents: numberOf(record.incidents),
    leadMs: numberOf(record.leadP50Ms),
    shortLeadMs: numberOf(record.leadP10Ms),
  };
}

function readBin(record: JsonRecord | undefined): ReliabilityBin | undefined {
  const [lowest, highest] = [numberOf(record?.lowest), numberOf(record?.highest)];
  const [expected, observed] = [numberOf(record?.expected), numberOf(record?.observed)];
  const rows = numberOf(record?.rows);
  if (lowest === undefined || highest === undefined || expected === undefined) return undefined;
  return observed === undefined || rows === undefined ? undefined : { rows, lowest, highest, expected, observed };
}

function textsIn(value: unknown): readonly string[] {
  return listOf(value).flatMap((each) => textOf(each) ?? []);
}

/** The bin of statements that were about as large. */
export function binOf(bins: readonly ReliabilityBin[], probability: number): ReliabilityBin | undefined {
  const [first] = bins;
  if (first !== undefined && probability < first.lowest) return first;
  return bins.find(({ highest }) => probability <= highest) ?? bins.at(-1);
}
