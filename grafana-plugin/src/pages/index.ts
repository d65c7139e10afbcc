import type { SceneAppPage } from '@grafana/scenes';
import { alertsPage } from './alerts/alerts-page';
import { boardPage } from './board/board-page';
import { costPage } from './cost/cost-page';
import { fleetPage } from './fleet/fleet-page';
import { inventoryPage } from './inventory/inventory-page';
import { riskPage } from './risk/risk-page';
import { servingPage } from './serving/serving-page';
import { trainingPage } from './training/training-page';
import { unknownPage } from './unknown/unknown-page';

/** In the order of the navigation; the first one opens where no page is named. */
export function appPages(): SceneAppPage[] {
  return [
    fleetPage(),
    trainingPage(),
    servingPage(),
    inventoryPage(),
    costPage(),
    riskPage(),
    alertsPage(),
    boardPage(),
    unknownPage(),
  ];
}
