import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { TextLink, useStyles2 } from '@grafana/ui';
import React from 'react';
import { runbookUrl } from '../links/links';
import type { RiskRow } from '../rows/risk-row';
import { adviceOf, runbookOf } from '../rules/action-of';
import { actionSteps, actionText, ruleText, severityText } from '../texts/words';
import { Badge } from '../view/Badge';
import { Section } from './Section';

interface Props {
  readonly row: RiskRow;
  readonly runbooks: string;
}

/** What to do, because of which rules, and where it is written. */
export function Advice({ row, runbooks }: Props) {
  const styles = useStyles2(getStyles);
  const { action } = adviceOf(row);
  const runbook = runbookOf(row);
  const address = runbook === undefined ? undefined : runbookUrl(runbooks, runbook);
  return (
    <Section title={t('failure.advice', 'What to do')} testId="failure-advice">
      <div className={styles.action}>{actionText(action)}</div>
      <div className={styles.text}>{actionSteps(action)}</div>
      {row.isOut && (
        <div className={styles.text}>
          {t('failure.isOut', 'It is out of service now: the probability holds for when it is back.')}
        </div>
      )}
      {row.rules.map((hit) => (
        <div key={hit.rule} className={styles.rule} data-testid="failure-rule">
          <Badge
            text={severityText(hit.severity)}
            kind={hit.severity === 'act_now' ? 'error' : hit.severity === 'next_window' ? 'warning' : 'plain'}
          />
          <span>{ruleText(hit)}</span>
        </div>
      ))}
      {runbook !== undefined && (
        <div className={styles.text} data-testid="failure-runbook">
          {address === undefined ? (
            t('failure.runbook', 'Runbook: {{name}}', { name: runbook })
          ) : (
            <TextLink href={address} external={!address.startsWith('/')} inline>
              {t('failure.runbook', 'Runbook: {{name}}', { name: runbook })}
            </TextLink>
          )}
        </div>
      )}
    </Section>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    action: css({ fontWeight: theme.typography.fontWeightMedium }),
    text: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
    rule: css({
      ...theme.typography.bodySmall,
      display: 'flex',
      gap: theme.spacing(0.75),
      padding: theme.spacing(0.5, 0),
      alignItems: 'baseline',
    }),
  };
}
