import type { RiskRow } from '../../../../grafana-plugin/src/panels/failureprediction/rows/risk-row';

/** A row with nothing but a name and what a test is about. */
export function row(uuid: string, own: Partial<RiskRow> = {}): RiskRow {
  return {
    key: `c/${uuid}`,
    uuid,
    cluster: 'c',
    node: 'n1',
    probability: {},
    range: {},
    rank: {},
    layer: {},
    rules: [],
    isOut: false,
    ...own,
  };
}
