import { getBackendSrv, isFetchError } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import { APP_ID } from '../constants';
import type { AppSettings } from './connections';
import type { changeOf } from './form';

const url = `/api/plugins/${APP_ID}/settings`;

/** Grafana lets administrators alone save. Rejects with an Error that has a message for people. */
export async function saveSettings(change: ReturnType<typeof changeOf>): Promise<AppSettings> {
  try {
    await lastValueFrom(
      getBackendSrv().fetch({ url, method: 'POST', data: change, showErrorAlert: false, showSuccessAlert: false }),
    );
    return await readSettings();
  } catch (error) {
    throw new Error(messageOf(error));
  }
}

async function readSettings(): Promise<AppSettings> {
  const { data } = await lastValueFrom(
    getBackendSrv().fetch<Partial<AppSettings>>({ url, method: 'GET', showErrorAlert: false, showSuccessAlert: false }),
  );
  const { enabled = false, pinned = false, jsonData, secureJsonFields } = data;
  // Grafana tells null for an app without settings.
  return { enabled, pinned, jsonData: jsonData ?? {}, secureJsonFields: secureJsonFields ?? {} };
}

function messageOf(error: unknown): string {
  if (isFetchError(error)) {
    const { message }: { message?: unknown } = error.data ?? {};
    return typeof message === 'string' ? message : `${error.status} ${error.statusText ?? ''}`;
  }
  return error instanceof Error ? error.message : String(error);
}
