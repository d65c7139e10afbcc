import { css } from '@emotion/css';
import { type GrafanaTheme2, locationUtil } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { searchPath } from '../../panels/cmdblookup/models/links';
import { classText } from '../../panels/cmdblookup/texts/class-text';
import { stateText } from '../../panels/cmdblookup/texts/state-text';
import type { ClassOverview } from './answers/overview';

/** How many items of which class are in which state; each count leads to the items. */
export function ClassTable({ classes }: { readonly classes: readonly ClassOverview[] }) {
  const styles = useStyles2(getStyles);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('inventory.class.class', 'Class')}</th>
          <th scope="col">{t('inventory.class.total', 'Items')}</th>
          <th scope="col">{t('inventory.class.states', 'Not in service')}</th>
        </tr>
      </thead>
      <tbody>
        {classes.map((each) => (
          <tr key={each.class}>
            <th scope="row">{classText(each.class)}</th>
            <td>
              <Count query={`class:${each.class}`} text={each.total.toLocaleString()} />
            </td>
            <td>
              <States counts={each} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function States({ counts: { class: itemClass, states, missing } }: { readonly counts: ClassOverview }) {
  const unusual = Object.entries(states).filter(([state, count]) => state !== 'in_service' && count > 0);
  return (
    <>
      {unusual.map(([state, count], index) => (
        <React.Fragment key={state}>
          {index > 0 && ', '}
          <Count query={`class:${itemClass} state:${state}`} text={`${count} ${stateText(state).text}`} />
        </React.Fragment>
      ))}
      {missing > 0 &&
        `${unusual.length > 0 ? ', ' : ''}${t('inventory.class.missing', '{{count}} missing', { count: missing })}`}
    </>
  );
}

function Count({ query, text }: { readonly query: string; readonly text: string }) {
  const styles = useStyles2(getStyles);
  return (
    <a className={styles.link} href={locationUtil.assureBaseUrl(searchPath(query))}>
      {text}
    </a>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    table: css({
      width: '100%',
      'th, td': { padding: theme.spacing(0.25, 1, 0.25, 0), textAlign: 'start', verticalAlign: 'top' },
      'thead th': { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
      'tbody th': { fontWeight: theme.typography.fontWeightRegular },
    }),
    link: css({
      color: theme.colors.text.link,
      textDecoration: 'underline',
      textDecorationColor: theme.colors.border.strong,
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
    }),
  };
}
