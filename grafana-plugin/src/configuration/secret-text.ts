import { t } from '@grafana/i18n';
import type { Secret } from './connections';

interface SecretText {
  readonly label: string;
  readonly about: string;
}

export function secretText(secret: Secret): SecretText {
  const texts: Readonly<Record<Secret, () => SecretText>> = {
    cmdbToken: () => ({
      label: t('connections.secret.cmdbToken', 'Token for viewers'),
      about: t(
        'connections.secret.cmdbTokenAbout',
        'Role reader in the tokens file of the inventory. Empty if it wants none.',
      ),
    }),
    cmdbEditorToken: () => ({
      label: t('connections.secret.cmdbEditorToken', 'Token for editors'),
      about: t(
        'connections.secret.cmdbEditorTokenAbout',
        'Role editor there: Grafana adds it when editors plan maintenance, and never for viewers.',
      ),
    }),
    billingToken: () => ({
      label: t('connections.secret.billingToken', 'Token'),
      about: t(
        'connections.secret.billingTokenAbout',
        'Role reader in the tokens file of billing. In the organisation of a tenant: a token with the scope of this tenant.',
      ),
    }),
    predictionToken: () => ({
      label: t('connections.secret.predictionToken', 'Token'),
      about: t('connections.secret.predictionTokenAbout', 'Empty if failure prediction wants none.'),
    }),
    alertmanagerAuthorization: () => ({
      label: t('connections.secret.alertmanagerAuthorization', 'Header Authorization'),
      about: t(
        'connections.secret.alertmanagerAuthorizationAbout',
        'Such as Basic and user:password in base64, or Bearer and a token. Empty if Alertmanager wants none.',
      ),
    }),
  };
  return texts[secret]();
}
