import { inDevelopment, setting } from './setting.ts';
import * as shapes from './setting-shapes.ts';

export const webhooks = {
  webhookAllowPrivate: setting('WEBHOOK_ALLOW_PRIVATE', shapes.yesNo, {
    about:
      'Whether webhooks may connect to private networks and loopback, also by `http://`. Link-local addresses and metadata services stay blocked.',
    fallback: inDevelopment,
  }),
};
