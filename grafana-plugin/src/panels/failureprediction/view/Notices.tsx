import { css } from '@emotion/css';
import { type GrafanaTheme2, type IconName, locationUtil } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import { APP_ID } from '../../../constants';
import { isAdmin } from '../../../services/role';
import { serviceName } from '../../../services/service-name';
import type { ServiceProblem } from '../../../services/service-problem';
import { problemText } from '../../../states/problem-text';
import { durationText } from '../texts/format';

interface Props {
  readonly problem: ServiceProblem | undefined;
  readonly onRetry: () => void;
  readonly unusable: number;
  readonly wrongThresholds: string | undefined;
  /** How old the forecast is, where that is too old. */
  readonly staleMs: number | undefined;
  readonly cut: { readonly shown: number; readonly total: number } | undefined;
}

/** One line for each thing that people should know and that does not stop them. */
export function Notices({ problem, onRetry, unusable, wrongThresholds, staleMs, cut }: Props) {
  return (
    <>
      {staleMs !== undefined && (
        <Notice icon="clock-nine" testId="failure-stale" isGrave>
          {t(
            'failure.stale',
            'The forecast is {{age}} old. The prediction service may stand still; newer signs are not in it.',
            {
              age: durationText(staleMs),
            },
          )}
        </Notice>
      )}
      {unusable > 0 && (
        <Notice icon="exclamation-triangle" testId="failure-unusable" isGrave>
          {t(
            'failure.unusable',
            'Values that are no probability from 0 to 1, shown as no value: {{many}}. Look at what the query calculates.',
            { many: unusable },
          )}
        </Notice>
      )}
      {wrongThresholds !== undefined && (
        <Notice icon="exclamation-triangle" testId="failure-thresholds" isGrave>
          {t(
            'failure.thresholds',
            'Colours change at “{{text}}”: give up to five rising probabilities, such as 1%, 5%, 20%.',
            {
              text: wrongThresholds,
            },
          )}
        </Notice>
      )}
      {cut !== undefined && cut.shown < cut.total && (
        <Notice icon="info-circle" testId="failure-cut">
          {t('failure.cut', 'The table shows the likeliest {{shown}} of {{total}}; the filter reaches all.', {
            shown: cut.shown.toLocaleString(),
            total: cut.total.toLocaleString(),
          })}
        </Notice>
      )}
      {problem !== undefined && <ServiceLine problem={problem} onRetry={onRetry} />}
    </>
  );
}

function ServiceLine({ problem, onRetry }: { readonly problem: ServiceProblem; readonly onRetry: () => void }) {
  const styles = useStyles2(getStyles);
  const { title, remedy } = problemText(problem.kind, serviceName(problem.service));
  const isPlain = problem.kind === 'not_set_up';
  return (
    <Notice icon={isPlain ? 'info-circle' : 'exclamation-triangle'} testId="failure-service" isGrave={!isPlain}>
      <span>
        {t('failure.service', '{{title}}: reasons, incidents and the model card are missing. {{remedy}}', {
          title,
          remedy,
        })}
        {problem.detail !== undefined && ` (${problem.detail})`}{' '}
        {isPlain && isAdmin() ? (
          <a className={styles.link} href={locationUtil.assureBaseUrl(`/plugins/${APP_ID}`)}>
            {t('problem.connections', 'Open the connections')}
          </a>
        ) : (
          <button type="button" className={styles.link} onClick={onRetry}>
            {t('problem.retry', 'Ask again')}
          </button>
        )}
      </span>
    </Notice>
  );
}

interface NoticeProps {
  readonly icon: IconName;
  readonly testId: string;
  readonly isGrave?: boolean;
  readonly children: React.ReactNode;
}

function Notice({ icon, testId, isGrave = false, children }: NoticeProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={isGrave ? styles.grave : styles.line} role="status" data-testid={testId}>
      <Icon name={icon} size="sm" className={styles.icon} />
      <span>{children}</span>
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  const line = {
    ...theme.typography.bodySmall,
    display: 'flex',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0, 1, 0.5, 1),
    overflowWrap: 'anywhere',
  } as const;
  return {
    line: css({ ...line, color: theme.colors.text.secondary }),
    grave: css({ ...line, color: theme.colors.warning.text }),
    icon: css({ flexShrink: 0, marginTop: 2 }),
    link: css({
      font: 'inherit',
      background: 'none',
      border: 0,
      padding: 0,
      color: theme.colors.text.link,
      textDecoration: 'underline',
    }),
  };
}
