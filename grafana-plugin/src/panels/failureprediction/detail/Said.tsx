import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React from 'react';
import type { ServiceProblem } from '../../../services/service-problem';
import type { Answer } from '../../../services/use-answer';

interface Props<T> {
  readonly answer: Answer<T>;
  readonly children: (value: T) => React.ReactNode;
}

/** What the service adds, or that it is on its way, or that it is not to be had. */
export function Said<T>({ answer, children }: Props<T>) {
  const styles = useStyles2(getStyles);
  if (answer.value !== undefined) return <>{children(answer.value)}</>;
  if (answer.isLoading) return <LoadingPlaceholder text={t('failure.loading', 'Asking …')} />;
  return (
    <div className={styles.faint} data-testid="failure-needs-service">
      {textOf(answer.problem)}
    </div>
  );
}

function textOf(problem: ServiceProblem | undefined): string {
  if (problem === undefined) return t('failure.needsService', 'Comes with the prediction service.');
  if (problem.kind === 'not_found') return t('failure.unknown', 'The prediction service knows nothing of it now.');
  return t('failure.broken', 'No answer: {{why}}', { why: problem.detail ?? problem.kind });
}

function getStyles(theme: GrafanaTheme2) {
  return { faint: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }) };
}
