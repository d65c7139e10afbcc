/** What is metered, and how; see the guide of meters for the file. */
export interface Meter {
  /** gpu_time, gpu_energy, cpu_time … */
  readonly name: string;
  readonly about: string;
  /** gpu: devices whose states add up. counter: exact differences of raw samples. gauge: integral of raw samples over time. */
  readonly kind: 'gpu' | 'counter' | 'gauge';
  readonly unit: MeterUnit;
  /** The source: several are tried in their order, the first that has data in a cluster is taken. Read by the source that meters. */
  readonly sources: readonly MeterSource[];
}

/** base: what the ledger counts, such as ms. priced: what a price is for, such as GPU hour; `perPriced` base units make one. */
export interface MeterUnit {
  readonly base: string;
  readonly priced: string;
  readonly perPriced: bigint;
}

export interface MeterSource {
  /** Of the vendor of the series: fleetlens, dcgm, kube_state_metrics, or series for any PromQL selector. */
  readonly type: string;
  /** PromQL selector of the raw series; only type series has it. */
  readonly selector: string | undefined;
  /** Base units in one unit of the series: 1000 for seconds to ms. */
  readonly scale: number;
  /** Labels of the series that tell the resource, the SKU and the holder: `holder label: series label`. */
  readonly resource: readonly string[];
  readonly sku: readonly string[];
  readonly holder: Readonly<Record<string, string>>;
}
