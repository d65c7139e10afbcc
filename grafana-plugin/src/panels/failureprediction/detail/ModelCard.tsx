import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { binOf, type Card } from '../api/read-card';
import { durationText, numberText, percentText } from '../texts/format';

interface Props {
  readonly card: Card;
  readonly probability: number | undefined;
  readonly timeZone: string;
}

/** What the model is made of, how good it was, and first of all what it does not know. */
export function ModelCard({ card, probability, timeZone }: Props) {
  const styles = useStyles2(getStyles);
  const bin = probability === undefined ? undefined : binOf(card.bins, probability);
  return (
    <div className={styles.card} data-testid="failure-card">
      <div>
        {card.name} <span className={styles.faint}>{card.version}</span>
      </div>
      {card.madeAtMs !== undefined && (
        <div className={styles.faint}>
          {t('failure.card.made', 'Made {{date}} from {{rows}} rows, of which {{failed}} failed.', {
            date: dateTimeFormat(card.madeAtMs, { timeZone, format: 'YYYY-MM-DD' }),
            rows: card.rows.toLocaleString(),
            failed: card.failedRows.toLocaleString(),
          })}
        </div>
      )}
      {bin !== undefined && (
        <div data-testid="failure-bin">
          {t(
            'failure.card.bin',
            'Of {{rows}} statements of about this size ({{from}} to {{to}}) {{observed}} came true.',
            {
              rows: bin.rows.toLocaleString(),
              from: percentText(bin.lowest),
              to: percentText(bin.highest),
              observed: percentText(bin.observed),
            },
          )}
        </div>
      )}
      {card.averagePrecision !== undefined && (
        <div className={styles.faint}>
          {t(
            'failure.card.precision',
            'Average precision {{own}} against {{base}} by chance; {{incidents}} different incidents.',
            {
              own: numberText(card.averagePrecision),
              base: card.baseRate === undefined ? '–' : numberText(card.baseRate),
              incidents: card.incidents ?? '–',
            },
          )}
        </div>
      )}
      {card.budget !== undefined && (
        <div className={styles.faint}>
          {t(
            'failure.card.budget',
            'At {{perDay}} alerts a day: {{precision}} came true, {{caught}} of {{incidents}} failures had one, half of them {{lead}} before.',
            {
              perDay: card.budget.perDay,
              precision: card.budget.precision === undefined ? '–' : percentText(card.budget.precision),
              caught: card.budget.caught ?? '–',
              incidents: card.budget.incidents ?? '–',
              lead: card.budget.leadMs === undefined ? '–' : durationText(card.budget.leadMs),
            },
          )}
        </div>
      )}
      <details>
        <summary>{t('failure.card.limits', 'What it does not know')}</summary>
        <ul className={styles.limits}>
          {[...card.limits, ...card.verdicts].map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    card: css({ ...theme.typography.bodySmall, overflowWrap: 'anywhere' }),
    faint: css({ color: theme.colors.text.secondary }),
    limits: css({ paddingLeft: theme.spacing(2), color: theme.colors.text.secondary }),
  };
}
