import { t } from '@grafana/i18n';

/** What a line is for; a kind that is new is shown by its own name. */
export function lineKind(kind: string): string {
  const names: Readonly<Record<string, () => string>> = {
    usage: () => t('cost.kind.usage', 'Usage'),
    idle: () => t('cost.kind.idle', 'Idle'),
    commitment: () => t('cost.kind.commitment', 'Commitment'),
    overage: () => t('cost.kind.overage', 'Overage'),
    minimum: () => t('cost.kind.minimum', 'Minimum'),
    maximum: () => t('cost.kind.maximum', 'Maximum'),
    discount: () => t('cost.kind.discount', 'Discount'),
    credit: () => t('cost.kind.credit', 'Credit'),
    tax: () => t('cost.kind.tax', 'Tax'),
    correction: () => t('cost.kind.correction', 'Correction'),
  };
  return names[kind]?.() ?? kind;
}
