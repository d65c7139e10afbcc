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
  /** Only while the series with the same labels is above 0, such as a pod that runs. */
  readonly during?: { readonly selector: string; readonly on: readonly string[] } | undefined;
  /** Series that agree in these labels tell the same thing twice: two kube-state-metrics, say. Without it none do. */
  readonly distinct?: readonly string[] | undefined;
  /** The series began at 0 when it was first shown, so its first value counts too. Else it is only what later ones are compared with. */
  readonly startsAtZero?: boolean | undefined;
  /** Labels from info series, before resource, SKU and holder are taken: `on` and `take` are `label: label of the info series`. */
  readonly joins?: readonly MeterJoin[] | undefined;
}

export interface MeterJoin {
  readonly series: string;
  readonly on: Readonly<Record<string, string>>;
  readonly take: Readonly<Record<string, string>>;
  /** Only while the info series is there, such as who has a GPU. Else what it says goes on until it says something else. */
  readonly whileSaid?: boolean | undefined;
}
