import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Tooltip, useStyles2 } from '@grafana/ui';
import React from 'react';

interface Props {
  readonly text: string;
  readonly about?: string;
  readonly kind?: 'plain' | 'warning' | 'error';
  readonly testId?: string;
}

export function Badge({ text, about, kind = 'plain', testId }: Props) {
  const styles = useStyles2(getStyles);
  const badge = (
    <span
      className={cx(styles.badge, styles[kind])}
      data-testid={testId}
      tabIndex={about === undefined ? undefined : 0}
    >
      {text}
    </span>
  );
  return about === undefined ? badge : <Tooltip content={about}>{badge}</Tooltip>;
}

function getStyles(theme: GrafanaTheme2) {
  return {
    badge: css({
      ...theme.typography.bodySmall,
      display: 'inline-block',
      whiteSpace: 'nowrap',
      padding: theme.spacing(0, 0.75),
      borderRadius: theme.shape.radius.pill,
      border: `1px solid ${theme.colors.border.medium}`,
    }),
    plain: css({ color: theme.colors.text.primary, background: theme.colors.background.secondary }),
    warning: css({ color: theme.colors.warning.text, borderColor: theme.colors.warning.border }),
    error: css({ color: theme.colors.error.text, borderColor: theme.colors.error.border }),
  };
}
