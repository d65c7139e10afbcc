import { documentRoute } from '../../../../kit/api/document-route.ts';
import type { Route } from '../../../../kit/api/route.ts';
import { predictionDocument } from '../document.ts';
import type { PredictionServices } from '../services.ts';
import { happeningRoutes } from './happening-routes.ts';
import { modelRoutes } from './model-routes.ts';
import { riskRoutes } from './risk-routes.ts';
import { sourceRoutes } from './source-routes.ts';

const described: readonly Route<PredictionServices>[] = [
  ...riskRoutes,
  ...modelRoutes,
  ...happeningRoutes,
  ...sourceRoutes,
];

/** All routes of the daemon's API. */
export const predictionRoutes: readonly Route<PredictionServices>[] = [
  ...described,
  documentRoute(described, predictionDocument),
];
