import { t } from '@grafana/i18n';
import { Alert, Button, LinkButton, Stack } from '@grafana/ui';
import React from 'react';
import { APP_ID } from '../constants';
import { isAdmin } from '../services/role';
import { serviceName } from '../services/service-name';
import type { ServiceProblem } from '../services/service-problem';
import { problemText } from './problem-text';

interface Props {
  readonly problem: ServiceProblem;
  readonly onRetry?: () => void;
}

/** Says which service gave no answer, why, and who can do what about it. */
export function ServiceNotice({ problem, onRetry }: Props) {
  const { title, remedy } = problemText(problem.kind, serviceName(problem.service));
  const severity = problem.kind === 'not_set_up' ? 'info' : problem.kind === 'not_found' ? 'warning' : 'error';
  const isForAdmins = problem.kind === 'not_set_up' || problem.kind === 'token' || problem.kind === 'not_json';
  return (
    <Alert severity={severity} title={title} data-testid="service-problem">
      <div>{remedy}</div>
      {problem.detail !== undefined && <div data-testid="service-problem-detail">{problem.detail}</div>}
      <Stack direction="row" gap={1}>
        {onRetry !== undefined && (
          <Button size="sm" variant="secondary" onClick={onRetry}>
            {t('problem.retry', 'Ask again')}
          </Button>
        )}
        {isForAdmins && isAdmin() && (
          <LinkButton size="sm" variant="secondary" href={`/plugins/${APP_ID}`}>
            {t('problem.connections', 'Open the connections')}
          </LinkButton>
        )}
      </Stack>
    </Alert>
  );
}
