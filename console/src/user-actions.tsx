import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { UserQuery } from '../../client/generated/graphql.ts';
import { client } from './client.ts';
import { Confirm } from './dialog.tsx';
import { Field } from './parts.tsx';

export type ShownUser = NonNullable<UserQuery['user']>;

export type Action = 'unlock' | 'sessions' | 'role' | 'disable' | 'enable' | 'delete';

interface Choice {
  readonly name: Action;
  readonly title: string;
  readonly about: string;
}

/** Returns what can be done with a user now. */
export function actionsFor({ status, role, sessions, locks }: ShownUser): Choice[] {
  const isDisabled = status === 'DISABLED';
  const all: (Choice & { readonly isUseful: boolean })[] = [
    {
      name: 'unlock',
      title: 'Unlock',
      about: 'Clears failed attempts and counted mails.',
      isUseful: locks === null || locks.length > 0,
    },
    {
      name: 'sessions',
      title: 'End all sessions',
      about: 'Signs the user out everywhere.',
      isUseful: sessions.length > 0,
    },
    {
      name: 'role',
      title: role === 'ADMIN' ? 'Make user' : 'Make administrator',
      about: 'Takes effect with the next request.',
      isUseful: true,
    },
    {
      name: 'disable',
      title: 'Disable',
      about: 'Ends all sessions and refuses the account.',
      isUseful: !isDisabled,
    },
    { name: 'enable', title: 'Enable', about: 'Admits the account again.', isUseful: isDisabled },
    {
      name: 'delete',
      title: 'Delete…',
      about: 'Removes the user and all personal data.',
      isUseful: true,
    },
  ];
  return all.filter(({ isUseful }) => isUseful);
}

interface UserActionProps {
  readonly user: ShownUser;
  readonly action: Action;
  onDone(notice: string): void;
  onClose(): void;
}

/** Asks before a change of a user, and makes it. */
export function UserAction({ user, action, onDone, onClose }: UserActionProps) {
  const [typed, setTyped] = useState('');
  const { id, email, role } = user;
  const input = { id };
  const who = <strong>{email}</strong>;
  const done = (text: string) => () => onDone(`${email} ${text}`);
  switch (action) {
    case 'unlock':
      return (
        <Confirm
          title="Unlock this user?"
          action="Unlock"
          run={() => client.unlockUser(input)}
          onDone={done('was unlocked.')}
          onClose={onClose}
        >
          <Text>{who} can try to sign in again at once.</Text>
        </Confirm>
      );
    case 'sessions':
      return (
        <Confirm
          title="End all sessions?"
          action="End sessions"
          run={() => client.revokeUserSessions(input)}
          onDone={done('was signed out.')}
          onClose={onClose}
        >
          <Text>{who} is signed out on every device, and can sign in again.</Text>
        </Confirm>
      );
    case 'role': {
      const next = role === 'ADMIN' ? 'USER' : 'ADMIN';
      return (
        <Confirm
          title="Change the role?"
          action={next === 'ADMIN' ? 'Make administrator' : 'Make user'}
          isDangerous={next === 'ADMIN'}
          run={() => client.setUserRole({ id, role: next })}
          onDone={done(next === 'ADMIN' ? 'is now an administrator.' : 'is now a user.')}
          onClose={onClose}
        >
          <Text>
            {next === 'ADMIN' ? (
              <>{who} can then manage all users and read the whole audit log.</>
            ) : (
              <>{who} can then no longer use this console.</>
            )}
          </Text>
        </Confirm>
      );
    }
    case 'disable':
      return (
        <Confirm
          title="Disable this user?"
          action="Disable"
          isDangerous
          run={() => client.disableUser(input)}
          onDone={done('was disabled.')}
          onClose={onClose}
        >
          <Text>All sessions of {who} end, and the account is refused until you enable it.</Text>
        </Confirm>
      );
    case 'enable':
      return (
        <Confirm
          title="Enable this user?"
          action="Enable"
          run={() => client.enableUser(input)}
          onDone={done('was enabled.')}
          onClose={onClose}
        >
          <Text>{who} can sign in again.</Text>
        </Confirm>
      );
    case 'delete':
      return (
        <Confirm
          title="Delete this user?"
          action="Delete"
          isDangerous
          isReady={typed.trim().toLowerCase() === email}
          run={() => client.deleteUser({ id, email: typed.trim() })}
          onDone={done('was deleted.')}
          onClose={onClose}
        >
          <Text>
            This cannot be undone. The audit log keeps the events under a pseudonym. To confirm,
            type {who}.
          </Text>
          <Field label="E-mail address of the user">
            <input
              type="text"
              autocomplete="off"
              spellcheck={false}
              value={typed}
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
          </Field>
        </Confirm>
      );
  }
}

const Text = ({ children }: { children: ComponentChildren }) => <p>{children}</p>;
