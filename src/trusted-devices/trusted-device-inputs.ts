import { z } from 'zod';
import { ownId } from '../accounts/own-id.ts';

export const INVALID_DEVICE_ID = 'This is not the ID of a trusted device.';

export const removeTrustedDeviceInput = z
  .object({
    id: ownId(INVALID_DEVICE_ID).meta({
      description: 'The `id` of one of your trusted devices.',
      examples: ['019aab2c-9e40-7c18-b3d5-6f2a8e1c4b07'],
    }),
  })
  .meta({ id: 'RemoveTrustedDeviceInput', description: 'The trusted device to remove.' });

export type RemoveTrustedDeviceInput = z.infer<typeof removeTrustedDeviceInput>;
