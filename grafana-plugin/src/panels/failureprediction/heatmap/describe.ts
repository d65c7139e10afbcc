import { t } from '@grafana/i18n';
import type { Horizon } from '../horizon';
import type { RiskRow } from '../rows/risk-row';
import { percentText } from '../texts/format';
import { horizonText, ruleText } from '../texts/words';

/** A cell in words, for people who hear it. */
export function describeCell(row: RiskRow, horizon: Horizon): string {
  const probability = row.probability[horizon];
  const parts = [
    gpuName(row),
    row.rack === undefined ? undefined : t('failure.cell.rack', 'rack {{rack}}', { rack: row.rack }),
    probability === undefined
      ? t('failure.noValue', 'no value')
      : t('failure.cell.probability', '{{probability}} within {{horizon}}', {
          probability: percentText(probability),
          horizon: horizonText(horizon),
        }),
    row.rank[horizon] === undefined ? undefined : t('failure.cell.rank', 'rank {{rank}}', { rank: row.rank[horizon] }),
    row.isOut ? t('failure.outOfService', 'out of service') : undefined,
    row.rules[0] === undefined ? undefined : ruleText({ rule: row.rules[0].rule, severity: row.rules[0].severity }),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

export function gpuName({ node, gpuIndex, uuid }: RiskRow): string {
  return gpuIndex === undefined
    ? `${node} ${uuid}`
    : t('failure.cell.gpu', '{{node}} GPU {{index}}', { node, index: gpuIndex });
}
