/** What the laws look at in a generated board; Grafana's model has more. */
export interface BoardJson {
  readonly id: unknown;
  readonly uid: string;
  readonly title: string;
  readonly editable: unknown;
  readonly revision: unknown;
  readonly schemaVersion: unknown;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly links: readonly BoardLinkJson[];
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly panels: readonly PanelJson[];
}

/** A link at the top of a board. */
export interface BoardLinkJson {
  readonly type: string;
  readonly title: string;
  readonly tooltip?: string;
  readonly url?: string;
  readonly tags?: readonly string[];
  readonly asDropdown?: boolean;
  readonly includeVars?: boolean;
  readonly keepTime?: boolean;
}

export interface SourceJson {
  readonly type?: string;
  readonly uid?: string;
}

export interface VariableJson {
  readonly type: string;
  readonly name: string;
  readonly label?: string;
  readonly query: string | { readonly query: string };
  readonly datasource?: SourceJson;
  readonly refresh?: number;
}

export interface TargetJson {
  readonly refId: string;
  readonly expr: string;
  readonly datasource?: SourceJson;
  readonly instant?: boolean;
  readonly range?: boolean;
}

export interface GridJson {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface OverrideJson {
  readonly matcher: { readonly id: string; readonly options?: unknown };
  readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
}

export interface PanelJson {
  readonly type: string;
  readonly id: number;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos: GridJson;
  readonly datasource?: SourceJson;
  readonly targets?: readonly TargetJson[];
  readonly collapsed?: boolean;
  /** Of a collapsed row. */
  readonly panels?: readonly PanelJson[];
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string };
    readonly overrides: readonly OverrideJson[];
  };
  readonly transformations?: readonly {
    readonly id: string;
    readonly options: { readonly renameByName?: Readonly<Record<string, string>> };
  }[];
}

export function parseBoard(text: string): BoardJson {
  return JSON.parse(text) as BoardJson;
}

export interface PlacedPanel {
  readonly panel: PanelJson;
  readonly collapsed: boolean;
}

/** Every panel that shows data, and whether it waits in a collapsed row. */
export function placedPanels(board: BoardJson): readonly PlacedPanel[] {
  return board.panels.flatMap((panel): readonly PlacedPanel[] =>
    panel.type === 'row'
      ? (panel.panels ?? []).map((inside) => ({ panel: inside, collapsed: true }))
      : [{ panel, collapsed: false }],
  );
}

/** Every panel that shows data, also those inside collapsed rows. */
export function panelsOf(board: BoardJson): readonly PanelJson[] {
  return placedPanels(board).map(({ panel }) => panel);
}

/** How much a board asks: when it is opened, and once every row is open. */
export function queryCounts(board: BoardJson): { readonly onOpening: number; readonly inTotal: number } {
  const count = (panels: readonly PlacedPanel[]): number =>
    panels.reduce((sum, { panel }) => sum + (panel.targets?.length ?? 0), 0);
  const all = placedPanels(board);
  return { onOpening: count(all.filter(({ collapsed }) => !collapsed)), inTotal: count(all) };
}

/** Every query with a name that leads a reader to it. */
export function targetsOf(board: BoardJson): readonly { where: string; panel: PanelJson; target: TargetJson }[] {
  return panelsOf(board).flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({ where: `${panel.title} ${target.refId}`, panel, target })),
  );
}

export function queryOf(variable: VariableJson): string {
  return typeof variable.query === 'string' ? variable.query : variable.query.query;
}

/** Grafana's variables are not PromQL: the same expression with something legal in their place. */
export function withoutVariables(text: string): string {
  return text
    .replaceAll(/\$(?:__rate_interval|__interval|__range)\b/g, '5m')
    .replaceAll(/\$\{(\w+)[^}]*\}|\$(\w+)/g, (_all, braced: string | undefined, bare: string | undefined) => {
      return braced ?? bare ?? '';
    });
}
