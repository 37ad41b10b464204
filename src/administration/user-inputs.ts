import { z } from 'zod';
import { roles, userStatuses } from '../accounts/account.entity.ts';
import { updateProfileInput } from '../accounts/account-inputs.ts';
import { address as newAddress } from '../accounts/email-address.ts';

export const TOO_LONG = 'Ensure this field has no more than 254 characters.';

/** Accepts everything that an id or address may be; others are unknown. */
export const identifier = z
  .string()
  .max(254, { error: TOO_LONG })
  .refine((given) => !given.includes('\0'), { error: 'This text contains a NUL character.' });

const address = identifier.trim().toLowerCase();

const id = identifier.meta({
  description: 'The `id` of the user.',
  examples: ['019aab2c-5d0e-7f13-8a64-3c1b9d27e850'],
});

export const role = z.enum(roles).meta({ examples: ['USER'] });
export const status = z.enum(userStatuses).meta({ examples: ['ACTIVE'] });

const moment = (description: string) =>
  z
    .date()
    .nullish()
    .meta({ description, examples: ['2026-01-01'] });

export const userFilter = z
  .object({
    email: address
      .refine((given) => /^[\x21-\x7e]*$/.test(given), {
        error: 'Enter the beginning of an e-mail address, without spaces.',
      })
      .nullish()
      .meta({
        description: 'Only addresses that begin with this text. Case-insensitive.',
        examples: ['ada'],
      }),
    role: role.nullish().meta({ description: 'Only users with this role.' }),
    status: status.nullish().meta({ description: 'Only users with this status.' }),
    createdFrom: moment('Only users created at or after this time.'),
    createdTo: moment('Only users created at or before this time.'),
  })
  .meta({
    id: 'UserFilter',
    description: 'Filter for the list of users. Users must match all given conditions.',
  });

export type UserFilter = z.infer<typeof userFilter>;

const pageSize = { error: 'Must be from 1 to 100.' };

export const usersArguments = z.object({
  first: z
    .int()
    .min(1, pageSize)
    .max(100, pageSize)
    .nullish()
    .meta({ description: 'Returns this many users: at most 100, 20 by default.', examples: [20] }),
  after: z.string().nullish().meta({ description: 'Only users after this cursor.' }),
  filter: userFilter.nullish().meta({ description: 'The users to list.' }),
});

export type UsersArguments = z.infer<typeof usersArguments>;

export const userArguments = z
  .object({
    id: id.nullish().meta({ description: 'The `id` of the user.' }),
    email: address
      .nullish()
      .meta({ description: 'The e-mail address of the user. Case-insensitive.' }),
  })
  .check(({ value, issues }) => {
    if ((value.id == null) !== (value.email == null)) return;
    issues.push({ code: 'custom', input: value, path: ['id'], message: 'Pass `id` or `email`.' });
  });

export type UserArguments = z.infer<typeof userArguments>;

/** Maximum size of the metadata as JSON, in bytes. */
const MAX_METADATA = 4096;

export const INVALID_METADATA = 'Must be a JSON object of at most 4,096 bytes.';

const metadata = z
  .record(z.string(), z.unknown(), { error: INVALID_METADATA })
  // PostgreSQL stores neither NUL nor unpaired surrogates, which JSON escapes.
  .refine(
    (given) => {
      const text = JSON.stringify(given);
      const isStorable = !/\\u(0000|d[89a-f])/i.test(text.replaceAll('\\\\', ''));
      return Buffer.byteLength(text) <= MAX_METADATA && isStorable;
    },
    { error: INVALID_METADATA },
  )
  .meta({
    description:
      'A JSON object of at most 4,096 bytes, which only administrators write. Replaces the current one.',
    examples: [{ plan: 'team' }],
  });

const { firstName, lastName } = updateProfileInput.shape;
const newRole = role.meta({ description: 'The role of the user.' });

export const createUserInput = z
  .object({
    email: newAddress,
    firstName,
    lastName,
    role: newRole.nullish().meta({ description: 'The role of the user. `USER` by default.' }),
    metadata: metadata.nullish().meta({
      description: 'A JSON object of at most 4,096 bytes, which only administrators write.',
    }),
  })
  .meta({ id: 'CreateUserInput', description: 'The user to create.' });

export type CreateUserInput = z.infer<typeof createUserInput>;

export const setUserRoleInput = z
  .object({ id, role: newRole })
  .meta({ id: 'SetUserRoleInput', description: 'The user and the new role.' });

export type SetUserRoleInput = z.infer<typeof setUserRoleInput>;

export const setUserMetadataInput = z
  .object({ id, metadata })
  .meta({ id: 'SetUserMetadataInput', description: 'The user and the new metadata.' });

export type SetUserMetadataInput = z.infer<typeof setUserMetadataInput>;

export const deleteUserInput = z
  .object({
    id,
    email: address.meta({
      description: 'The address of the user, as a confirmation.',
      examples: ['ada@example.com'],
    }),
  })
  .meta({ id: 'DeleteUserInput', description: 'The user to delete.' });

export type DeleteUserInput = z.infer<typeof deleteUserInput>;

/** Describes the input of an operation that takes a user and nothing else. */
const oneUser = (name: string, description: string) =>
  z.object({ id }).meta({ id: `${name}UserInput`, description });

export const disableUserInput = oneUser('Disable', 'The user to disable.');
export const enableUserInput = oneUser('Enable', 'The user to enable.');
export const unlockUserInput = oneUser('Unlock', 'The user to unlock.');

export const resetUserFactorsInput = z
  .object({ id })
  .meta({ id: 'ResetUserFactorsInput', description: 'The user who has lost the second factors.' });

export const revokeUserSessionsInput = z
  .object({ id })
  .meta({ id: 'RevokeUserSessionsInput', description: 'The user whose sessions end.' });

/** Names the user that an operation changes. */
export interface UserInput {
  readonly id: string;
}
