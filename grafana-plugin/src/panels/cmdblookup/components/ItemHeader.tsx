import { css } from '@emotion/css';
import { type GrafanaTheme2, locationUtil } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, LinkButton, useStyles2 } from '@grafana/ui';
import React, { Fragment } from 'react';
import type { Answer } from '../../../services/use-answer';
import type { Item } from '../answers/item';
import type { Place } from '../answers/place';
import { deepLinks, itemPath } from '../models/links';
import { classText } from '../texts/class-text';
import { linkText } from '../texts/link-text';
import { CopyButton } from './CopyButton';
import { Heading } from './Heading';
import { ItemLink } from './ItemLink';
import { useLookup } from './lookup-context';
import { StateBadge } from './StateBadge';
import { When } from './When';

interface Props {
  readonly item: Item;
  readonly place: Answer<Place>;
}

/** What it is, whether it is well, where it is, whose it is, and where to read on. */
export function ItemHeader({ item, place }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <header className={styles.header}>
      <div className={styles.line}>
        <Heading className={styles.name}>{item.name}</Heading>
        <CopyButton text={item.name} what={item.name} />
        <span className={styles.class} data-testid="item-class">
          {classText(item.class)}
        </span>
        <StateBadge state={item.state} />
        {item.missingSince !== undefined && (
          <Badge color="orange" icon="exclamation-triangle" text={t('cmdb.missing', 'no source sees it')} />
        )}
        {item.conflicts.length > 0 && (
          <Badge color="orange" icon="exclamation-triangle" text={t('cmdb.conflicting', 'sources disagree')} />
        )}
      </div>
      {place.value !== undefined && <Where item={item} place={place.value} />}
      <Freshness item={item} />
      <Links item={item} place={place.value} />
    </header>
  );
}

function Where({ item, place }: { readonly item: Item; readonly place: Place }) {
  const styles = useStyles2(getStyles);
  const { site, room, rack, chassis, server, unit, tenants, team, person } = place;
  const steps = [site, room, rack, chassis, server].filter((step) => step !== undefined && step.id !== item.id);
  return (
    <dl className={styles.facts}>
      {steps.length > 0 && (
        <Term title={t('cmdb.where', 'Where')}>
          <span data-testid="item-place">
            {steps.map((step, index) => (
              <Fragment key={step?.id}>
                {index > 0 && ' › '}
                {step !== undefined && <ItemLink item={step} />}
              </Fragment>
            ))}
            {unit !== undefined && rack !== undefined && ` › U${unit}`}
          </span>
        </Term>
      )}
      {tenants.length > 0 && (
        <Term title={t('cmdb.tenants', 'Whose')}>
          <List items={tenants} />
        </Term>
      )}
      {(team ?? person) !== undefined && (
        <Term title={t('cmdb.onCall', 'On call')}>
          <List items={[team, person].filter((each) => each !== undefined)} />
        </Term>
      )}
    </dl>
  );
}

const listedOwners = 8;

function List({ items }: { readonly items: ReadonlyArray<Place['tenants'][number]> }) {
  return (
    <span>
      {items.slice(0, listedOwners).map((item, index) => (
        <Fragment key={item.id}>
          {index > 0 && ', '}
          <ItemLink item={item} />
        </Fragment>
      ))}
      {items.length > listedOwners && ` … (${items.length})`}
    </span>
  );
}

function Term({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.fact}>
      <dt className={styles.term}>{title}</dt>
      <dd className={styles.value}>{children}</dd>
    </div>
  );
}

function Freshness({ item }: { readonly item: Item }) {
  const styles = useStyles2(getStyles);
  const { lastSeen, missingSince, changedAt } = item;
  return (
    <div className={styles.fresh} data-testid="item-freshness">
      {missingSince !== undefined && (
        <span>
          {t('cmdb.missingSince', 'Missing since')} <When at={missingSince} />
        </span>
      )}
      {missingSince === undefined && lastSeen !== undefined && (
        <span>
          {t('cmdb.lastSeen', 'Seen')} <When at={lastSeen} />
        </span>
      )}
      {lastSeen === undefined && missingSince === undefined && <span>{t('cmdb.onlyByHand', 'Entered by hand')}</span>}
      {changedAt !== undefined && (
        <span>
          {' · '}
          {t('cmdb.changedAt', 'Changed')} <When at={changedAt} />
        </span>
      )}
    </div>
  );
}

function Links({ item, place }: { readonly item: Item; readonly place: Place | undefined }) {
  const styles = useStyles2(getStyles);
  const { headingLevel } = useLookup();
  const own = locationUtil.assureBaseUrl(itemPath(item.id));
  const links = place === undefined ? [] : deepLinks(item, place);
  return (
    <div className={styles.links} data-testid="item-links">
      {links.map(({ target, path }) => (
        <LinkButton key={target} size="sm" variant="secondary" fill="outline" href={locationUtil.assureBaseUrl(path)}>
          {linkText(target)}
        </LinkButton>
      ))}
      {headingLevel === 3 && (
        <LinkButton size="sm" variant="secondary" fill="outline" href={own}>
          {linkText('inventory')}
        </LinkButton>
      )}
      <CopyButton text={new URL(own, document.baseURI).href} what={t('cmdb.linkToItem', 'the link to this item')} />
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    header: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5), minWidth: 0 }),
    line: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) }),
    name: css({ ...theme.typography.h3, margin: 0, overflowWrap: 'anywhere' }),
    class: css({ color: theme.colors.text.secondary }),
    facts: css({
      display: 'flex',
      flexWrap: 'wrap',
      columnGap: theme.spacing(3),
      rowGap: theme.spacing(0.5),
      margin: 0,
    }),
    fact: css({ display: 'flex', gap: theme.spacing(0.75), minWidth: 0 }),
    term: css({
      color: theme.colors.text.secondary,
      fontWeight: theme.typography.fontWeightRegular,
      whiteSpace: 'nowrap',
      margin: 0,
    }),
    value: css({ margin: 0, minWidth: 0, overflowWrap: 'anywhere' }),
    fresh: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
    links: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), marginTop: theme.spacing(0.5) }),
  };
}
