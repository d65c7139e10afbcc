import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { classText } from '../texts/class-text';
import { HitSummary } from './HitSummary';
import type { Suggestions } from './use-suggestions';

interface Props {
  readonly suggestions: Suggestions;
  readonly id: string;
  readonly optionId: (index: number) => string;
}

/** The list below the field. The field keeps the focus, and takes the keys. */
export function SuggestionList({ suggestions, id, optionId }: Props) {
  const styles = useStyles2(getStyles);
  const { hits, total, problem, active, isShown, setActive, choose } = suggestions;
  const nothing =
    problem === undefined
      ? t('cmdb.search.nothing', 'Nothing found')
      : (problem.detail ?? t('cmdb.search.failed', 'The inventory gives no suggestions'));
  return (
    <div className={cx(styles.list, !isShown && styles.hidden)}>
      <div role="listbox" id={id} tabIndex={-1} aria-label={t('cmdb.search.suggestions', 'Suggestions')}>
        {hits.map((hit, index) => (
          <div
            key={hit.id}
            id={optionId(index)}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={cx(styles.option, index === active && styles.active)}
            onMouseDown={(event) => event.preventDefault()}
            onMouseMove={() => setActive(index)}
            onMouseUp={() => choose(hit)}
          >
            <span className={styles.name}>{hit.name}</span>
            <span className={styles.class}>{classText(hit.class)}</span>
            <HitSummary hit={hit} />
          </div>
        ))}
      </div>
      {hits.length === 0 && (
        <div className={styles.note} role="status">
          {nothing}
        </div>
      )}
      {total > hits.length && hits.length > 0 && (
        <div className={styles.note}>{t('cmdb.search.more', 'Enter shows all {{total}}', { total })}</div>
      )}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    hidden: css({ display: 'none' }),
    list: css({
      position: 'absolute',
      zIndex: theme.zIndex.dropdown,
      insetInline: 0,
      top: '100%',
      marginTop: 2,
      maxHeight: 380,
      overflowY: 'auto',
      background: theme.colors.background.elevated ?? theme.colors.background.primary,
      border: `1px solid ${theme.colors.border.medium}`,
      borderRadius: theme.shape.radius.default,
      boxShadow: theme.shadows.z3,
    }),
    option: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'baseline',
      columnGap: theme.spacing(1),
      padding: theme.spacing(0.75, 1),
      cursor: 'pointer',
    }),
    active: css({
      background: theme.colors.action.hover,
      boxShadow: `inset 2px 0 ${theme.colors.primary.main}`,
      '& span': { color: theme.colors.text.primary },
    }),
    name: css({ fontWeight: theme.typography.fontWeightMedium, overflowWrap: 'anywhere' }),
    class: css({ color: theme.colors.text.secondary }),
    note: css({ padding: theme.spacing(0.75, 1), color: theme.colors.text.secondary, ...theme.typography.bodySmall }),
  };
}
