import { css, cx } from '@emotion/css';
import { type GrafanaTheme2, locationUtil } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type MouseEvent, type ReactNode } from 'react';
import type { ItemRef } from '../answers/item-ref';
import { itemPath } from '../models/links';
import { useLookup } from './lookup-context';

interface Props {
  readonly item: Pick<ItemRef, 'id' | 'name'>;
  readonly children?: ReactNode;
  readonly className?: string;
  readonly style?: React.CSSProperties;
  readonly label?: string;
  readonly isCurrent?: boolean;
}

/** Goes to the item here; in a new tab it opens on the page of the inventory. */
export function ItemLink({ item, children, className, style, label, isCurrent = false }: Props) {
  const { choose } = useLookup();
  const styles = useStyles2(getStyles);
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    // The page of the app listens to clicks on links, too.
    event.stopPropagation();
    choose(item.id);
  };
  return (
    <a
      href={locationUtil.assureBaseUrl(itemPath(item.id))}
      onClick={follow}
      className={cx(styles.link, className)}
      style={style}
      title={label ?? item.name}
      aria-label={label}
      aria-current={isCurrent ? 'true' : undefined}
      data-testid="item-link"
      data-item={item.id}
    >
      {children ?? item.name}
    </a>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    link: css({
      color: theme.colors.text.link,
      overflowWrap: 'anywhere',
      // Not by colour alone.
      textDecoration: 'underline',
      textDecorationColor: theme.colors.border.strong,
      '&:hover': { textDecorationColor: 'currentcolor' },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
    }),
  };
}
