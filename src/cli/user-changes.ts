import { Argument, type Command, Option } from 'commander';
import { type Role, roles } from '../accounts/account.entity.ts';
import { operator } from '../administration/actor.ts';
import { createUser } from '../administration/create-user.ts';
import { deleteUser } from '../administration/delete-user.ts';
import { disableUser, enableUser } from '../administration/disable-user.ts';
import { findUser } from '../administration/find-user.ts';
import type { ManagedUser } from '../administration/managed-user.ts';
import { resetUserFactors } from '../administration/reset-user-factors.ts';
import { setUserRole } from '../administration/set-user-role.ts';
import { unlockUser } from '../administration/unlock-user.ts';
import { createUserInput, userArguments } from '../administration/user-inputs.ts';
import type { Context } from '../context.ts';
import { checkArguments, printing, type Terminal, timeOf } from './command-line.ts';
import { type Open, resolveUser, USER, userOutput } from './user-output.ts';

/** Changes that need nothing but a user. */
const changes: Readonly<
  Record<string, readonly [description: string, change: typeof disableUser]>
> = {
  disable: ['Disables a user and ends all sessions.', disableUser],
  enable: ['Enables a disabled user.', enableUser],
  unlock: ['Clears failed attempts, so that a user can try again.', unlockUser],
};

/** Adds the commands that create, change and delete users. */
export function defineChanges(users: Command, terminal: Terminal, open: Open): void {
  for (const [name, [description, change]] of Object.entries(changes)) {
    const command = users
      .command(name)
      .description(description)
      .argument(...USER);
    printing(command, terminal, (given: string) =>
      open(async (ctx) => userOutput(await change(ctx, operator, await resolveUser(ctx, given)))),
    );
  }
  const role = users
    .command('role')
    .description('Changes the role of a user.')
    .argument(...USER)
    .addArgument(new Argument('<role>').choices(roles));
  printing(role, terminal, (name: string, given: Role) =>
    open(async (ctx) => {
      const { id } = await resolveUser(ctx, name);
      return userOutput(await setUserRole(ctx, operator, { id, role: given }));
    }),
  );
  defineReset(users, terminal, open);
  defineCreation(users, terminal, open);
  const deletion = users
    .command('delete')
    .description('Deletes a user with all sessions. The audit log keeps a pseudonym.')
    .argument('<address>', 'e-mail address')
    .requiredOption('--yes', 'confirm that the user cannot be restored');
  printing(deletion, terminal, (address: string) =>
    open(async (ctx) => {
      const { id, email } = await findUser(ctx, checkArguments(userArguments, { email: address }));
      await deleteUser(ctx, operator, { id, email });
      return { data: { id, email }, lines: [`Deleted ${email}.`] };
    }),
  );
}

function defineReset(users: Command, terminal: Terminal, open: Open): void {
  const reset = users
    .command('reset-factors')
    .description('Requests the removal of all second factors of a user who has lost them.')
    .argument(...USER);
  printing(reset, terminal, (name: string) =>
    open(async (ctx) => {
      const { id, email } = await resolveUser(ctx, name);
      const { dueAt } = await resetUserFactors(ctx, operator, { id });
      const lines = [
        `A mailed code signs in as ${email} from ${timeOf(dueAt)} on.`,
        'The user was notified, and can cancel it.',
      ];
      return { data: { id, email, dueAt }, lines };
    }),
  );
}

interface CreateOptions {
  readonly role?: Role;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly metadata?: string;
}

function defineCreation(users: Command, terminal: Terminal, open: Open): void {
  const creation = users
    .command('create')
    .description('Creates a user, whose first redeemed code verifies the address.')
    .argument('<address>', 'e-mail address')
    .addOption(new Option('--role <role>', 'default: USER').choices(roles))
    .option('--first-name <name>')
    .option('--last-name <name>')
    .option('--metadata <json>', 'a JSON object of at most 4,096 bytes');
  printing(creation, terminal, (email: string, options: CreateOptions) =>
    open(async (ctx) => userOutput(await create(ctx, email, options))),
  );
}

function create(ctx: Context, email: string, options: CreateOptions): Promise<ManagedUser> {
  const { metadata, ...rest } = options;
  const given = { email, ...rest, ...(metadata !== undefined && { metadata: jsonOf(metadata) }) };
  return createUser(ctx, operator, checkArguments(createUserInput, given));
}

/** Returns other texts as they are: they are no object either. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
