import { documentRoute } from '../../../../kit/api/document-route.ts';
import type { Route } from '../../../../kit/api/route.ts';
import { cmdbDocument } from '../document.ts';
import type { CmdbServices } from '../services.ts';
import { alertRoutes } from './alert-routes.ts';
import { ansibleRoutes } from './ansible-routes.ts';
import { changeRoutes } from './change-routes.ts';
import { detailRoutes } from './detail-routes.ts';
import { driftRoutes } from './drift-routes.ts';
import { editRoutes } from './edit-routes.ts';
import { hardwareRoutes } from './hardware-routes.ts';
import { httpSdRoutes } from './http-sd-routes.ts';
import { impactRoutes } from './impact-routes.ts';
import { listRoute } from './item-routes.ts';
import { maintenanceRoutes } from './maintenance-routes.ts';
import { placeRoutes } from './place-routes.ts';
import { searchRoutes } from './search-routes.ts';
import { sourceRoutes } from './source-routes.ts';
import { transferRoutes } from './transfer-routes.ts';

const described: readonly Route<CmdbServices>[] = [
  listRoute,
  ...editRoutes,
  ...detailRoutes,
  ...placeRoutes,
  ...searchRoutes,
  ...changeRoutes,
  ...sourceRoutes,
  ...impactRoutes,
  ...transferRoutes,
  ...hardwareRoutes,
  ...driftRoutes,
  ...maintenanceRoutes,
  ...httpSdRoutes,
  ...ansibleRoutes,
  ...alertRoutes,
];

/** All routes of the daemon's API. */
export const cmdbRoutes: readonly Route<CmdbServices>[] = [...described, documentRoute(described, cmdbDocument)];
