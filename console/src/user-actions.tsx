import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { UserQuery } from '../../client/generated/graphql.ts';
import type { Result } from '../../client/src/result.ts';
import { client } from './client.ts';
import { Confirm } from './dialog.tsx';
import { Field } from './parts.tsx';

export type ShownUser = NonNullable<UserQuery['user']>;

/** An action on a user, with its button and its confirmation. */
export interface Action {
  readonly name: 'unlock' | 'sessions' | 'role' | 'disable' | 'enable' | 'delete';
  readonly title: string;
  readonly about: string;
  readonly isUseful: boolean;
  readonly question: string;
  readonly confirm: string;
  readonly isDangerous?: boolean;
  readonly text: ComponentChildren;
  /** Runs the action. `typed` is the address that a deletion asks for. */
  run(typed: string): Promise<Result<unknown>>;
  /** Completes the address to a sentence about the result. */
  readonly notice: string;
}

/** Returns the actions that are useful for a user now. */
export const actionsFor = (user: ShownUser): Action[] =>
  [...accessActions(user), ...accountActions(user)].filter(({ isUseful }) => isUseful);

function accessActions({ id, email, role, sessions, locks }: ShownUser): Action[] {
  const who = <strong>{email}</strong>;
  const becomesAdmin = role !== 'ADMIN';
  return [
    {
      name: 'unlock',
      title: 'Unlock',
      about: 'Resets failed attempts and the limits of mails.',
      isUseful: locks === null || locks.length > 0,
      question: 'Unlock this user?',
      confirm: 'Unlock',
      text: <>{who} can try to sign in again at once.</>,
      run: () => client.unlockUser({ id }),
      notice: 'was unlocked.',
    },
    {
      name: 'sessions',
      title: 'End all sessions',
      about: 'Signs the user out everywhere.',
      isUseful: sessions.length > 0,
      question: 'End all sessions?',
      confirm: 'End sessions',
      text: <>{who} is signed out on every device, and can sign in again.</>,
      run: () => client.revokeUserSessions({ id }),
      notice: 'was signed out.',
    },
    {
      name: 'role',
      title: becomesAdmin ? 'Make administrator' : 'Make user',
      about: 'Takes effect with the next request.',
      isUseful: true,
      question: 'Change the role?',
      confirm: becomesAdmin ? 'Make administrator' : 'Make user',
      isDangerous: becomesAdmin,
      text: becomesAdmin ? (
        <>{who} can then manage all users and read the whole audit log.</>
      ) : (
        <>{who} can then no longer use this console.</>
      ),
      run: () => client.setUserRole({ id, role: becomesAdmin ? 'ADMIN' : 'USER' }),
      notice: becomesAdmin ? 'is now an administrator.' : 'is now a user.',
    },
  ];
}

function accountActions({ id, email, status }: ShownUser): Action[] {
  const who = <strong>{email}</strong>;
  const isDisabled = status === 'DISABLED';
  return [
    {
      name: 'disable',
      title: 'Disable',
      about: 'Ends all sessions and blocks new ones.',
      isUseful: !isDisabled,
      question: 'Disable this user?',
      confirm: 'Disable',
      isDangerous: true,
      text: (
        <>All sessions of {who} end, and nobody can sign in to the account until you enable it.</>
      ),
      run: () => client.disableUser({ id }),
      notice: 'was disabled.',
    },
    {
      name: 'enable',
      title: 'Enable',
      about: 'Allows sign-ins again.',
      isUseful: isDisabled,
      question: 'Enable this user?',
      confirm: 'Enable',
      text: <>{who} can sign in again.</>,
      run: () => client.enableUser({ id }),
      notice: 'was enabled.',
    },
    {
      name: 'delete',
      title: 'Delete…',
      about: 'Removes the user and all personal data.',
      isUseful: true,
      question: 'Delete this user?',
      confirm: 'Delete',
      isDangerous: true,
      text: (
        <>
          This cannot be undone. The audit log keeps the events under a pseudonym. To confirm, type{' '}
          {who}.
        </>
      ),
      run: (typed) => client.deleteUser({ id, email: typed }),
      notice: 'was deleted.',
    },
  ];
}

interface UserActionProps {
  readonly email: string;
  readonly action: Action;
  onDone(notice: string): void;
  onClose(): void;
}

/** Asks for confirmation and runs an action on a user. */
export function UserAction({ email, action, onDone, onClose }: UserActionProps) {
  const [typed, setTyped] = useState('');
  const asksAddress = action.name === 'delete';
  return (
    <Confirm
      title={action.question}
      action={action.confirm}
      isDangerous={action.isDangerous ?? false}
      isReady={!asksAddress || typed.trim().toLowerCase() === email}
      run={() => action.run(typed.trim())}
      onDone={() => onDone(`${email} ${action.notice}`)}
      onClose={onClose}
    >
      <p>{action.text}</p>
      {asksAddress && (
        <Field label="E-mail address of the user">
          <input
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={typed}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </Field>
      )}
    </Confirm>
  );
}
