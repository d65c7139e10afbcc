import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { Answer } from '../../../services/use-answer';
import type { Item } from '../answers/item';
import type { Place } from '../answers/place';
import type { Rack } from '../answers/rack';
import { layoutRack } from '../models/rack-layout';
import { asIs } from '../texts/as-is';
import { ItemLink } from './ItemLink';
import { RackPicture } from './RackPicture';
import { Section } from './Section';

interface Props {
  readonly rack: Answer<Rack>;
  readonly item: Item;
  readonly place: Place | undefined;
}

/** The rack that the item is in, or is. */
export function RackSection({ rack, item, place }: Props) {
  const styles = useStyles2(getStyles);
  const { value } = rack;
  const name = value?.rack.name ?? place?.rack?.name ?? '';
  return (
    <Section title={t('cmdb.rack.title', 'Rack {{name}}', { name, ...asIs })} testId="rack" answer={rack}>
      {value !== undefined && <Contents rack={value} here={hereIn(item, place)} />}
      {value !== undefined && value.others.length > 0 && (
        <div className={styles.others}>
          {t('cmdb.rack.others', 'Also in it, at no unit:')}{' '}
          {value.others.slice(0, 20).map((other, index) => (
            <React.Fragment key={other.id}>
              {index > 0 && ', '}
              <ItemLink item={other} isCurrent={other.id === item.id} />
            </React.Fragment>
          ))}
          {value.others.length > 20 && ` … (${value.others.length})`}
        </div>
      )}
    </Section>
  );
}

function Contents({ rack, here }: { readonly rack: Rack; readonly here: ReadonlySet<number> }) {
  const styles = useStyles2(getStyles);
  const layout = layoutRack(rack);
  return (
    <>
      <div className={styles.sum} data-testid="rack-sum">
        {layout.isGuess
          ? t('cmdb.rack.noHeight', 'Nobody said how high it is; {{used}} units are taken.', {
              used: layout.units - layout.freeUnits,
            })
          : t('cmdb.rack.free', '{{free}} of {{units}} units are free.', {
              free: layout.freeUnits,
              units: layout.units,
            })}
      </div>
      <RackPicture layout={layout} here={here} name={rack.rack.name} />
    </>
  );
}

/** The item itself, or what it is in. */
function hereIn(item: Item, place: Place | undefined): ReadonlySet<number> {
  const around = [place?.chassis, place?.server, place?.switch].flatMap((each) =>
    each === undefined ? [] : [each.id],
  );
  return new Set([item.id, ...around]);
}

function getStyles(theme: GrafanaTheme2) {
  return {
    sum: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, marginBottom: theme.spacing(0.5) }),
    others: css({ ...theme.typography.bodySmall, marginTop: theme.spacing(1) }),
  };
}
