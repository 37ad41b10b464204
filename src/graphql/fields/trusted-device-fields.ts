import { listTrustedDevices } from '../../trusted-devices/list-trusted-devices.ts';
import { removeTrustedDevice } from '../../trusted-devices/remove-trusted-device.ts';
import { removeTrustedDeviceInput } from '../../trusted-devices/trusted-device-inputs.ts';
import type { ListedDevice } from '../../trusted-devices/trusted-device-statements.ts';
import { builder } from '../builder.ts';
import { currentViewer, viewerOf } from '../graphql-context.ts';
import { inputArg } from '../input-type.ts';
import { Acknowledgement } from './types.ts';

const TrustedDeviceType = builder.objectRef<ListedDevice>('TrustedDevice').implement({
  description: 'A browser that signs in without a second factor until it expires.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Identifies the device.' }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'Time at which `verifyFactor` trusted it.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      description: 'Time of its last sign-in.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'Time from which it needs a second factor again. A use does not extend it.',
    }),
    ipAddress: t.exposeString('ipAddress', { description: 'IP address of its last sign-in.' }),
    userAgent: t.exposeString('userAgent', {
      description: 'The `User-Agent` header of its last sign-in, at most 512 characters.',
    }),
    current: t.exposeBoolean('current', {
      description: 'Whether the session of the current request is its newest one.',
    }),
  }),
});

builder.queryField('trustedDevices', (t) =>
  t.field({
    description:
      'The browsers on which the signed-in account needs no second factor, most recently used first.',
    type: [TrustedDeviceType],
    nullable: true,
    resolve: async (_root, _args, ctx) => listTrustedDevices(ctx, await viewerOf(ctx)),
  }),
);

builder.mutationField('removeTrustedDevice', (t) =>
  t.field({
    description:
      'Removes a trusted device of the signed-in account: its next sign-in needs a second factor again. Its sessions stay. Requires an access token.',
    type: Acknowledgement,
    // Checks no secret and sends no mail.
    limit: 'none',
    args: inputArg(t, removeTrustedDeviceInput),
    resolve: async (_root, { input }, ctx) =>
      removeTrustedDevice(ctx, await currentViewer(ctx), input),
  }),
);
