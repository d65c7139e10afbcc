import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import type { Item } from '../answers/item';
import { type Box, firstShown, type GraphGroup, layoutGraph } from '../models/graph-layout';
import type { RelationGroup } from '../models/relation-groups';
import { classText } from '../texts/class-text';
import { relationText } from '../texts/relation-text';
import { stateText } from '../texts/state-text';
import { ItemLink } from './ItemLink';
import { useWidth } from './use-width';

interface Props {
  readonly item: Item;
  readonly groups: readonly RelationGroup[];
}

/** At once, of what is behind "and 27 more". */
const moreShown = 25;

/** Lines are drawn; items are links on them, so that keys and screen readers find them in a list. */
export function RelationGraph({ item, groups }: Props) {
  const styles = useStyles2(getStyles);
  const [frame, width] = useWidth();
  const [shown, setShown] = useState<ReadonlyMap<string, number>>(new Map());
  const graph = layoutGraph(groups, { width, shown });
  const more = ({ key }: RelationGroup) =>
    setShown(new Map([...shown, [key, (shown.get(key) ?? firstShown) + moreShown]]));
  return (
    <div ref={frame} className={styles.frame} style={{ height: graph.height }} data-testid="relation-graph">
      <svg className={styles.lines} width={graph.width} height={graph.height} aria-hidden="true">
        {graph.groups.map(({ group, edge }) => (
          <path key={group.key} d={edge} className={styles.line} />
        ))}
      </svg>
      <div className={styles.centre} style={at(graph.centre)}>
        <span className={styles.name}>{item.name}</span>
        <span className={styles.kind}>{classText(item.class)}</span>
      </div>
      {graph.groups.map((group) => (
        <Group key={group.group.key} group={group} onMore={() => more(group.group)} />
      ))}
    </div>
  );
}

function Group({
  group: { group, heading, nodes, more },
  onMore,
}: {
  readonly group: GraphGroup;
  readonly onMore: () => void;
}) {
  const styles = useStyles2(getStyles);
  const title = `${relationText(group.type, group.direction)}: ${classText(group.class)}`;
  return (
    <fieldset className={styles.group} aria-label={`${title} (${group.items.length})`} data-testid="relation-group">
      <div className={styles.heading} style={at(heading)}>
        {title} <span className={styles.count}>{group.items.length}</span>
      </div>
      {nodes.map(({ item, box }) => (
        <ItemLink
          key={item.id}
          item={item}
          className={cx(styles.node, item.state !== 'in_service' && styles.unwell)}
          style={at(box)}
          label={[item.name, stateText(item.state).text].join(', ')}
        >
          <span className={styles.name}>
            {item.name}
            {item.state === 'in_service' ? '' : ` · ${stateText(item.state).text}`}
          </span>
        </ItemLink>
      ))}
      {more !== undefined && (
        <button
          type="button"
          className={cx(styles.node, styles.more)}
          style={at(more.box)}
          onClick={onMore}
          data-testid="relation-more"
        >
          {t('cmdb.relations.more', 'and {{count}} more', { count: more.count })}
        </button>
      )}
    </fieldset>
  );
}

function at({ x, y, width, height }: Box): React.CSSProperties {
  return { left: x, top: y, width, height };
}

function getStyles(theme: GrafanaTheme2) {
  return {
    frame: css({ position: 'relative', width: '100%', minWidth: 0 }),
    lines: css({ position: 'absolute', inset: 0, overflow: 'visible' }),
    line: css({ fill: 'none', stroke: theme.colors.border.strong, strokeWidth: 1 }),
    group: css({ border: 0, margin: 0, padding: 0 }),
    heading: css({
      ...theme.typography.bodySmall,
      position: 'absolute',
      color: theme.colors.text.secondary,
      whiteSpace: 'nowrap',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
    }),
    count: css({ fontVariantNumeric: 'tabular-nums' }),
    node: css({
      position: 'absolute',
      display: 'flex',
      alignItems: 'center',
      padding: theme.spacing(0, 1),
      overflow: 'hidden',
      ...theme.typography.bodySmall,
      color: theme.colors.text.primary,
      textDecoration: 'none',
      background: theme.colors.background.secondary,
      border: `1px solid ${theme.colors.border.medium}`,
      borderRadius: theme.shape.radius.default,
      '&:hover': { borderColor: theme.colors.border.strong },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
    }),
    unwell: css({ borderInlineStart: `4px solid ${theme.colors.warning.main}` }),
    more: css({ color: theme.colors.text.link, borderStyle: 'dashed', cursor: 'pointer' }),
    centre: css({
      position: 'absolute',
      display: 'flex',
      flexDirection: 'column',
      justifyContent: 'center',
      alignItems: 'center',
      padding: theme.spacing(0, 1),
      background: theme.colors.background.primary,
      border: `2px solid ${theme.colors.primary.border}`,
      borderRadius: theme.shape.radius.default,
      textAlign: 'center',
    }),
    kind: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, lineHeight: 1.1 }),
    name: css({
      maxWidth: '100%',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      lineHeight: 1.3,
    }),
  };
}
