import { setting } from './setting.ts';
import * as shapes from './setting-shapes.ts';

/** Settings of second factors. */
export const factors = {
  requireMfa: setting('REQUIRE_MFA', shapes.oneOf('none', 'admins', 'all'), {
    about:
      'Accounts that need an [authenticator app or a passkey](../guide/second-factors.md#require-second-factors): `none`, `admins` (each `ADMIN`) or `all`. Until such an account has one, its sessions may only enrol it.',
    fallback: 'none',
  }),
  factorResetHours: setting('FACTOR_RESET_HOURS', shapes.whole(0, 720), {
    about:
      'Hours after which a requested reset of [second factors](../guide/administer.md#reset-second-factors) takes effect. Meanwhile the user can cancel it.',
    fallback: '72',
  }),
  trustedDeviceDays: setting('TRUSTED_DEVICE_DAYS', shapes.whole(0, 30), {
    about:
      'Days for which a user can [trust a browser](../guide/second-factors.md#trusted-devices), so that sign-ins there need no second factor. `0` turns trusted devices off. A lower value also applies to browsers that are already trusted.',
    fallback: '0',
  }),
};
