/** What the pages take from a board of `dashboards/generated`, in Grafana's classic form. */
export interface ClassicBoard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly refresh: string;
  readonly templating: { readonly list: readonly ClassicVariable[] };
  /** Rows and panels in order; a collapsed row holds its panels. */
  readonly panels: readonly ClassicPanel[];
}

export interface ClassicVariable {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly description?: string;
  readonly definition?: string;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly sort?: number;
}

export interface ClassicPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly options?: Readonly<Record<string, unknown>>;
  /** Grafana's FieldConfigSource: an imported file has no narrower type. */
  readonly fieldConfig?: unknown;
  readonly targets?: readonly ClassicTarget[];
  readonly transformations?: ReadonlyArray<{ readonly id: string; readonly options: unknown }>;
  readonly collapsed?: boolean;
  readonly panels?: readonly ClassicPanel[];
}

export interface ClassicTarget {
  readonly refId: string;
  readonly expr: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly format?: string;
  readonly legendFormat?: string;
}
