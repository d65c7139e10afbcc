import { t } from '@grafana/i18n';
import { SceneAppPage, type SceneAppPageLike, type SceneRouteMatch } from '@grafana/scenes';
import { pageUrl } from '../../constants';
import { type BillRef, billUrl } from './bills/bill-ref';
import { billScene } from './bills/bill-scene';
import { costScene } from './cost-scene';

export function costPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.cost', 'Cost'),
    subTitle: t('page.costSub', 'Who owes what, will the budget last, and what is in each bill'),
    url: pageUrl('cost'),
    routePath: 'cost/*',
    getScene: costScene,
    drilldowns: [
      {
        routePath: 'bill/:number/*',
        getPage: ({ params }: SceneRouteMatch<{ number: string }>, parent) =>
          billPage({ number: params.number }, 'bill/:number/*', parent),
      },
      {
        routePath: 'draft/:tenant/:period/*',
        getPage: ({ params }: SceneRouteMatch<{ tenant: string; period: string }>, parent) =>
          billPage({ tenant: params.tenant, period: params.period }, 'draft/:tenant/:period/*', parent),
      },
    ],
  });
}

function billPage(bill: BillRef, routePath: string, getParentPage: SceneAppPageLike): SceneAppPage {
  const title =
    'number' in bill
      ? bill.number
      : t('cost.bill.draftOf', '{{tenant}}, {{period}}', {
          ...bill,
          interpolation: { escapeValue: false },
        });
  return new SceneAppPage({
    title,
    url: billUrl(bill),
    routePath,
    getParentPage: () => getParentPage,
    getScene: () => billScene(bill),
  });
}
