import { get, type Route, select, signedIn } from './route.ts';

const device = select('id createdAt lastUsedAt expiresAt ipAddress userAgent current');

/** Routes of trusted devices. */
export const trustedDeviceRoutes: readonly Route[] = [
  get('/auth/trusted-devices', 'trustedDevices', device),
  {
    method: 'DELETE',
    path: '/auth/trusted-devices/{id}',
    field: 'removeTrustedDevice',
    operation: 'mutation ($id: ID!) { removeTrustedDevice(input: { id: $id }) { detail } }',
    ...signedIn,
    errorCodes: ['NOT_FOUND'],
  },
];
