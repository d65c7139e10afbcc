import type { Service } from '../services/service';
import type { Connections, Secret } from './connections';

export interface ServiceFields {
  readonly service: Service;
  readonly url: keyof Connections;
  readonly secrets: readonly Secret[];
  readonly example: string;
}

/** What can be connected, in the order of the form. */
export const serviceFields: readonly ServiceFields[] = [
  { service: 'cmdb', url: 'cmdbUrl', secrets: ['cmdbToken', 'cmdbEditorToken'], example: 'http://fleetlens-cmdb:9412' },
  { service: 'billing', url: 'billingUrl', secrets: ['billingToken'], example: 'http://fleetlens-billing:9413' },
  {
    service: 'prediction',
    url: 'predictionUrl',
    secrets: ['predictionToken'],
    example: 'http://fleetlens-prediction:9414',
  },
  {
    service: 'alertmanager',
    url: 'alertmanagerUrl',
    secrets: ['alertmanagerAuthorization'],
    example: 'http://alertmanager:9093',
  },
];
