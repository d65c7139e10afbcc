import { t } from '@grafana/i18n';
import { EmbeddedScene, SceneAppPage, type SceneComponentProps, SceneObjectBase } from '@grafana/scenes';
import { LinkButton } from '@grafana/ui';
import React from 'react';
import { APP_URL, pageUrl } from '../../constants';
import { Empty } from '../../states/Empty';

/** What an address of the app leads to that no page has. */
export function unknownPage(): SceneAppPage {
  const page = () => new SceneAppPage({ ...unknown(), routePath: '*' });
  // A page of scenes shows its own scene at its exact address only; here that is never one.
  return new SceneAppPage({ ...unknown(), routePath: '*', getFallbackPage: page });
}

function unknown() {
  return {
    title: t('page.unknown', 'No such page'),
    url: APP_URL,
    hideFromBreadcrumbs: true,
    getScene: () => new EmbeddedScene({ body: new WayBack({}) }),
  };
}

class WayBack extends SceneObjectBase {
  static Component = WayBackRenderer;
}

function WayBackRenderer(_props: SceneComponentProps<WayBack>) {
  return (
    <Empty title={t('unknown.title', 'The app has no page at this address')}>
      <p>{t('unknown.remedy', 'The link may be of another version of the app. All pages are in the navigation.')}</p>
      <LinkButton variant="secondary" href={pageUrl('fleet')}>
        {t('unknown.fleet', 'Go to the fleet')}
      </LinkButton>
    </Empty>
  );
}
