import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React, { type ReactNode, useId } from 'react';
import type { Answer } from '../../../services/use-answer';
import { ServiceNotice } from '../../../states/ServiceNotice';
import { Heading } from './Heading';

interface Props<T> {
  readonly title: string;
  readonly testId: string;
  /** Its problem, or that it is on its way, stands in place of the content. */
  readonly answer?: Answer<T>;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the view, with its own answer: one that fails leaves the others alone. */
export function Section<T>({ title, testId, answer, actions, children }: Props<T>) {
  const styles = useStyles2(getStyles);
  const id = useId();
  return (
    <section
      className={styles.section}
      aria-labelledby={id}
      data-testid={testId}
      aria-busy={answer?.isLoading === true}
    >
      <div className={styles.top}>
        <Heading isSection className={styles.title} id={id}>
          {title}
        </Heading>
        {actions}
      </div>
      {answer?.problem !== undefined && <ServiceNotice problem={answer.problem} onRetry={answer.askAgain} />}
      {answer !== undefined && answer.value === undefined && answer.isLoading && answer.problem === undefined ? (
        <LoadingPlaceholder text={t('cmdb.loading', 'Asking the inventory …')} />
      ) : (
        children
      )}
    </section>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    section: css({
      minWidth: 0,
      padding: theme.spacing(1.5),
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
      background: theme.colors.background.primary,
      overflowWrap: 'anywhere',
    }),
    top: css({
      display: 'flex',
      flexWrap: 'wrap',
      justifyContent: 'space-between',
      gap: theme.spacing(1),
      marginBottom: theme.spacing(1),
    }),
    title: css({ ...theme.typography.h5, margin: 0 }),
  };
}
