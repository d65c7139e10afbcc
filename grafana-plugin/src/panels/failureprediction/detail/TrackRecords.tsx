import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { TrackRecord } from '../rows/fleet';
import { durationText, percentText } from '../texts/format';

interface Props {
  readonly records: readonly TrackRecord[];
}

/** How good such statements have been: of what was really said, and of models on times that they did not know. */
export function TrackRecords({ records }: Props) {
  const styles = useStyles2(getStyles);
  if (records.length === 0)
    return (
      <div className={styles.faint} data-testid="failure-no-record">
        {t(
          'failure.record.none',
          'Nothing could be judged yet: no horizon of a statement is over, and no model was tried on the past.',
        )}
      </div>
    );
  return (
    <table className={styles.table} data-testid="failure-record">
      <thead>
        <tr>
          <th>{t('failure.record.judged', 'Judged')}</th>
          <th>{t('failure.record.precision', 'Alerts that came true')}</th>
          <th>{t('failure.record.recall', 'Failures with an alert')}</th>
          <th>{t('failure.record.lead', 'Half had it before')}</th>
        </tr>
      </thead>
      <tbody>
        {records.map(({ source, statements, failedRatio, precision, recall, leadSeconds }) => (
          <tr key={source}>
            <td>
              {sourceText(source)}{' '}
              <span className={styles.faint}>
                {t('failure.record.statements', '{{many}}, {{share}} failed', {
                  many: (statements ?? 0).toLocaleString(),
                  share: shareText(failedRatio),
                })}
              </span>
            </td>
            <td>{shareText(precision)}</td>
            <td>{shareText(recall)}</td>
            <td>{leadSeconds === undefined ? '–' : durationText(leadSeconds * 1000)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sourceText(source: string): string {
  if (source === 'said') return t('failure.record.said', 'What was said');
  return source === 'prequential' ? t('failure.record.prequential', 'On the past') : source;
}

function shareText(share: number | undefined): string {
  return share === undefined ? '–' : percentText(share);
}

function getStyles(theme: GrafanaTheme2) {
  return {
    faint: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
    table: css({
      ...theme.typography.bodySmall,
      width: '100%',
      'th, td': { textAlign: 'left', verticalAlign: 'top', padding: theme.spacing(0.25, 0.5, 0.25, 0) },
      th: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
    }),
  };
}
