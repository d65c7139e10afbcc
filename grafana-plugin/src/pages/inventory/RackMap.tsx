import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { ItemLink } from '../../panels/cmdblookup/components/ItemLink';
import type { Overview, RackOverview } from './answers/overview';
import { type RoomRacks, racksByPlace } from './racks-by-place';

/** Racks as tiles by site and room; what needs somebody stands out in colour and in words. */
export function RackMap({ overview: { racks, serversWithoutRack } }: { readonly overview: Overview }) {
  const styles = useStyles2(getStyles);
  if (racks.length === 0 && serversWithoutRack === 0)
    return (
      <div>
        {t('inventory.rack.none', 'No racks are known here. Sources such as a file or NetBox say what stands where.')}
      </div>
    );
  return (
    <div data-testid="rack-map">
      {racksByPlace(racks).map(({ site, rooms }) => (
        <div key={site ?? ''} className={styles.site}>
          <div className={styles.siteName}>{site ?? t('inventory.rack.noSite', 'At no site')}</div>
          {rooms.map((room) => (
            <Room key={room.room ?? ''} room={room} />
          ))}
        </div>
      ))}
      {serversWithoutRack > 0 && (
        <div className={styles.note}>
          {t('inventory.rack.without', '{{count}} servers stand in no rack that is known.', {
            count: serversWithoutRack,
          })}
        </div>
      )}
    </div>
  );
}

const tilesAtFirst = 60;

function Room({ room: { room, racks } }: { readonly room: RoomRacks }) {
  const styles = useStyles2(getStyles);
  const [isAll, setIsAll] = useState(false);
  const shown = isAll ? racks : racks.slice(0, tilesAtFirst);
  return (
    <div className={styles.room}>
      <div className={styles.note}>{room ?? t('inventory.rack.noRoom', 'In no room')}</div>
      <ul className={styles.tiles}>
        {shown.map((rack) => (
          <li key={rack.id}>
            <Tile rack={rack} />
          </li>
        ))}
      </ul>
      {racks.length > shown.length && (
        <Button size="sm" variant="secondary" fill="text" onClick={() => setIsAll(true)}>
          {t('inventory.rack.all', 'Show all {{count}}', { count: racks.length })}
        </Button>
      )}
    </div>
  );
}

function Tile({ rack }: { readonly rack: RackOverview }) {
  const styles = useStyles2(getStyles);
  const { servers, gpus, failed, maintenance, missing } = rack;
  const trouble = [
    failed > 0 && t('inventory.rack.failed', '{{count}} failed', { count: failed }),
    missing > 0 && t('inventory.rack.missing', '{{count}} missing', { count: missing }),
    maintenance > 0 && t('inventory.rack.maintenance', '{{count}} in maintenance', { count: maintenance }),
  ].filter((each) => each !== false);
  return (
    <ItemLink
      item={rack}
      className={cx(styles.tile, failed > 0 && styles.bad, failed === 0 && trouble.length > 0 && styles.warned)}
    >
      <span className={styles.name}>{rack.name}</span>
      <span className={styles.counts}>
        {t('inventory.rack.counts', '{{servers}} servers, {{gpus}} GPUs', { servers, gpus })}
      </span>
      {trouble.length > 0 && <span className={styles.trouble}>{trouble.join(', ')}</span>}
    </ItemLink>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    site: css({ marginBottom: theme.spacing(1) }),
    siteName: css({ fontWeight: theme.typography.fontWeightMedium, overflowWrap: 'anywhere' }),
    room: css({ marginTop: theme.spacing(0.5) }),
    note: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, overflowWrap: 'anywhere' }),
    tiles: css({
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fill, minmax(150px, 1fr))',
      gap: theme.spacing(1),
      listStyle: 'none',
      margin: theme.spacing(0.5, 0),
      padding: 0,
    }),
    tile: css({
      display: 'flex',
      flexDirection: 'column',
      height: '100%',
      padding: theme.spacing(0.75, 1),
      color: theme.colors.text.primary,
      textDecoration: 'none',
      background: theme.colors.background.secondary,
      border: `1px solid ${theme.colors.border.medium}`,
      borderInlineStart: `4px solid ${theme.colors.success.main}`,
      borderRadius: theme.shape.radius.default,
      '&:hover': { borderColor: theme.colors.border.strong },
    }),
    warned: css({ borderInlineStartColor: theme.colors.warning.main }),
    bad: css({ borderInlineStartColor: theme.colors.error.main }),
    name: css({
      fontWeight: theme.typography.fontWeightMedium,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    }),
    counts: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
    trouble: css({ ...theme.typography.bodySmall, color: theme.colors.warning.text }),
  };
}
