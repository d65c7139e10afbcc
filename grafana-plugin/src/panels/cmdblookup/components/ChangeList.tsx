import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { Change } from '../answers/changes';
import { type ChangeLine, changeLines } from '../models/change-lines';
import { classText } from '../texts/class-text';
import { factText } from '../texts/fact-text';
import { relationText } from '../texts/relation-text';
import { ItemLink } from './ItemLink';
import { When } from './When';

interface Props {
  readonly changes: readonly Change[];
  /** Where the changes stand below an item: its number. Other items change by relations to it, too. */
  readonly of?: number;
}

export function ChangeList({ changes, of }: Props) {
  const styles = useStyles2(getStyles);
  if (changes.length === 0) return <div>{t('cmdb.changes.none', 'No changes are known.')}</div>;
  return (
    <ol className={styles.list} data-testid="change-list">
      {changes.map((change) => (
        <li key={change.sequence} className={styles.change}>
          <div className={styles.who}>
            <When at={change.at} />
            {' · '}
            {change.actor === change.source ? change.source : `${change.actor} (${change.source})`}
          </div>
          <div>
            {change.itemId !== of && <ChangedItem change={change} />}
            {actionText(change)}
          </div>
          <Lines lines={linesFor(change, of)} />
          {change.message !== '' && <div className={styles.message}>{change.message}</div>}
        </li>
      ))}
    </ol>
  );
}

/** Below an item, of another one only what ties the two. */
function linesFor(change: Change, of: number | undefined): readonly ChangeLine[] {
  const lines = changeLines(change);
  if (of === undefined || change.itemId === of) return lines;
  return lines.filter((line) => line.kind !== 'value' && line.other.id === of);
}

function ChangedItem({ change: { itemId, before, after } }: { readonly change: Change }) {
  const item = after ?? before;
  return (
    <>
      {item !== undefined && `${classText(item.class)} `}
      <ItemLink item={{ id: itemId, name: item?.name ?? `#${itemId}` }} />{' '}
    </>
  );
}

function actionText({ action, before, after }: Change): string {
  if (before === undefined && after !== undefined) return t('cmdb.changes.created', 'was added');
  if (after === undefined) return t('cmdb.changes.deleted', 'was deleted');
  return action === 'updated' ? '' : action;
}

const shownLines = 6;

function Lines({ lines }: { readonly lines: readonly ChangeLine[] }) {
  const styles = useStyles2(getStyles);
  return (
    <ul className={styles.lines}>
      {lines.slice(0, shownLines).map((line) => (
        <li key={JSON.stringify(line)}>
          <Line line={line} />
        </li>
      ))}
      {lines.length > shownLines && (
        <li>{t('cmdb.changes.moreLines', 'and {{count}} more', { count: lines.length - shownLines })}</li>
      )}
    </ul>
  );
}

function Line({ line }: { readonly line: ChangeLine }) {
  const styles = useStyles2(getStyles);
  if (line.kind !== 'value')
    return (
      <>
        {line.kind === 'opened' ? t('cmdb.changes.begins', 'begins:') : t('cmdb.changes.ends', 'ends:')}{' '}
        {relationText(line.type, line.direction)} <ItemLink item={line.other} />
      </>
    );
  return (
    <>
      {factText(line.about)}: <span className={styles.before}>{line.before ?? '–'}</span> → {line.after ?? '–'}
    </>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    list: css({ listStyle: 'none', margin: 0, padding: 0 }),
    change: css({
      padding: theme.spacing(0.5, 0),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      overflowWrap: 'anywhere',
    }),
    who: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
    lines: css({ listStyle: 'none', margin: 0, padding: 0 }),
    before: css({ color: theme.colors.text.secondary, textDecoration: 'line-through' }),
    message: css({ fontStyle: 'italic' }),
  };
}
