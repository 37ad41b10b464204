import { rpId, webAuthnOrigins } from './relying-party-shapes.ts';
import { setting } from './setting.ts';
import * as shapes from './setting-shapes.ts';

/** Settings of passkeys. */
export const passkeys = {
  webauthnRpId: setting('WEBAUTHN_RP_ID', rpId, {
    about:
      'Domain that passkeys belong to: the host of your pages or a parent of it. A later change makes all existing passkeys useless. Default: the host of `PUBLIC_URL`; browsers accept no IP address.',
  }),
  webauthnOrigins: setting('WEBAUTHN_ORIGINS', webAuthnOrigins, {
    about:
      'Origins of the pages that use passkeys, on `WEBAUTHN_RP_ID` or below it; Android apps as `android:apk-key-hash:…`. In development, `http://localhost` works on every port. Default: the origin of `PUBLIC_URL`.',
  }),
  passkeySettingsUrl: setting('PASSKEY_SETTINGS_URL', shapes.page, {
    about:
      'Page where users add and manage passkeys, for `/.well-known/passkey-endpoints`. Unset: none is named.',
  }),
};
