export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly timestampSeconds: number;
  readonly value: number;
}

export interface InstantSample extends Sample {
  /** With `__name__` where the expression keeps it; empty for a scalar. */
  readonly labels: Labels;
}

export interface Series {
  readonly labels: Labels;
  readonly samples: readonly Sample[];
}

/** What the server said about its own answer. */
export interface Remarks {
  readonly warnings: readonly string[];
  /** Some storage node did not answer, so the result may lack series or samples. */
  readonly partial: boolean;
  /** Native histogram samples, which have no single value and are left out. */
  readonly skippedHistograms: number;
}

export interface InstantResult extends Remarks {
  readonly samples: readonly InstantSample[];
}

export interface RangeResult extends Remarks {
  readonly series: readonly Series[];
}

/** Samples of one series in columns: 16 bytes for each. Times ascend; values may be NaN and infinite. */
export interface ColumnSeries {
  readonly labels: Labels;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

export interface ColumnsResult extends Remarks {
  readonly series: readonly ColumnSeries[];
}

export interface SeriesResult extends Remarks {
  readonly series: readonly Labels[];
}

export interface TimeWindow {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface Target {
  readonly labels: Labels;
  readonly discoveredLabels: Labels;
  readonly scrapePool: string | undefined;
  readonly scrapeUrl: string;
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string | undefined;
  readonly lastScrapeSeconds: number | undefined;
  readonly lastScrapeDurationSeconds: number | undefined;
}

export type AlertState = 'inactive' | 'pending' | 'firing';

export interface Alert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: AlertState;
  readonly activeAtSeconds: number | undefined;
  readonly value: number | undefined;
}

interface RuleBase {
  readonly name: string;
  readonly query: string;
  readonly labels: Labels;
  readonly health: string;
  readonly lastError: string | undefined;
}

export interface RecordingRule extends RuleBase {
  readonly type: 'recording';
}

export interface AlertingRule extends RuleBase {
  readonly type: 'alerting';
  readonly state: AlertState;
  readonly forSeconds: number;
  readonly annotations: Labels;
  readonly alerts: readonly Alert[];
}

export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  readonly intervalSeconds: number;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}
