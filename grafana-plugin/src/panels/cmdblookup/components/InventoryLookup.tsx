import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import React, { type ReactNode, useMemo, useRef } from 'react';
import type { Alert } from '../answers/alerts';
import type { InfoFacts } from '../models/info-series';
import { FoundItem } from './FoundItem';
import { ItemView } from './ItemView';
import { type Lookup, LookupProvider } from './lookup-context';
import { NothingChosen } from './NothingChosen';
import { SearchBox } from './SearchBox';

export interface InventoryLookupProps {
  /** What is looked for, where no item is chosen. */
  readonly text: string;
  readonly itemId: number | undefined;
  readonly onSearch: (text: string) => void;
  readonly onChoose: (id: number, text?: string) => void;
  /** A text stood for one item only. */
  readonly onResolved: (id: number) => void;
  readonly onBack?: (() => void) | undefined;
  readonly hasSearch?: boolean;
  /** In place of the hints, where nothing is chosen. */
  readonly children?: ReactNode;
  readonly isPage?: boolean;
  readonly refreshKey: number;
  readonly timeZone: string;
  /** What the query of the panel says, for where the inventory or Alertmanager does not answer. */
  readonly facts?: readonly InfoFacts[];
  readonly series?: readonly Alert[];
}

const none: readonly never[] = [];

/** Finds items of the inventory and shows one. Panel and page differ in where the choice is kept. */
export function InventoryLookup(props: InventoryLookupProps) {
  const {
    text,
    itemId,
    onSearch,
    onChoose,
    onResolved,
    onBack,
    hasSearch = true,
    isPage = false,
    refreshKey,
    timeZone,
  } = props;
  const styles = useStyles2(getStyles);
  const root = useRef<HTMLDivElement>(null);
  const lookup = useMemo<Lookup>(
    () => ({ choose: (id) => onChoose(id), refreshKey, timeZone, headingLevel: isPage ? 2 : 3 }),
    [onChoose, refreshKey, timeZone, isPage],
  );
  return (
    <LookupProvider value={lookup}>
      <div className={styles.root} ref={root} data-testid="cmdb-lookup">
        {(hasSearch || onBack !== undefined) && (
          <div className={styles.bar}>
            {onBack !== undefined && (
              <Button
                variant="secondary"
                icon="arrow-left"
                onClick={onBack}
                aria-label={t('cmdb.back', 'Back to the item before')}
                data-testid="cmdb-back"
              />
            )}
            {hasSearch && (
              <SearchBox
                text={text}
                onSearch={onSearch}
                onChoose={onChoose}
                {...(isPage ? {} : { shortcutWithin: root })}
              />
            )}
          </div>
        )}
        {itemId !== undefined && <ItemView id={itemId} series={props.series ?? none} />}
        {itemId === undefined && text !== '' && (
          <FoundItem text={text} facts={props.facts ?? none} onResolved={onResolved} />
        )}
        {itemId === undefined && text === '' && (
          // Without an item its sections have no heading above them.
          <LookupProvider value={{ ...lookup, headingLevel: isPage ? 1 : 2 }}>
            {props.children ?? <NothingChosen onSearch={onSearch} />}
          </LookupProvider>
        )}
      </div>
    </LookupProvider>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    root: css({
      containerType: 'inline-size',
      width: '100%',
      flex: '1 1 100%',
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1.5),
      minWidth: 0,
    }),
    bar: css({ display: 'flex', gap: theme.spacing(1), minWidth: 0 }),
  };
}
