import { documentRoute } from '../../../../kit/api/document-route.ts';
import type { Route } from '../../../../kit/api/route.ts';
import { billingDocument } from '../document.ts';
import type { BillingServices } from '../services.ts';
import { backfillRoutes } from './backfill-routes.ts';
import { billRoutes } from './bill-routes.ts';
import { budgetRoutes } from './budget-routes.ts';
import { closingRoutes } from './closing-routes.ts';
import { explainRoutes } from './explain-routes.ts';
import { focusRoutes } from './focus-routes.ts';
import { statusRoutes } from './status-routes.ts';
import { tenantRoutes } from './tenant-routes.ts';
import { usageRoutes } from './usage-routes.ts';
import { whatIfRoutes } from './what-if-routes.ts';

const described: readonly Route<BillingServices>[] = [
  ...statusRoutes,
  ...backfillRoutes,
  ...usageRoutes,
  ...billRoutes,
  ...closingRoutes,
  ...explainRoutes,
  ...focusRoutes,
  ...tenantRoutes,
  ...whatIfRoutes,
  ...budgetRoutes,
];

/** All routes of the daemon's API. */
export const billingRoutes: readonly Route<BillingServices>[] = [
  ...described,
  documentRoute(described, billingDocument),
];
