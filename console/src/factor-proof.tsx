import type { FactorName } from '../../client/generated/enums.ts';
import type { PasskeyResult } from '../../client/src/passkeys.ts';
import { Field } from './parts.tsx';
import { hasPasskeys, passkeys } from './passkeys.ts';

type Problem = NonNullable<PasskeyResult<unknown>['error']>;

/** Returns a code of an authenticator app, or else a recovery code, which is longer. */
export const proofOf = (text: string) =>
  text.replaceAll(/[\s-]/g, '').length > 6 ? { recoveryCode: text } : { totp: text };

interface CodeProps {
  readonly factors: readonly string[];
  readonly text: string;
  setText(text: string): void;
}

/** The field of a code of an authenticator app, or of a recovery code. */
export const FactorCode = ({ factors, text, setText }: CodeProps) => (
  <Field
    label="Code"
    hint={
      factors.includes('TOTP' satisfies FactorName)
        ? 'Six digits of your authenticator app, or a recovery code'
        : 'One of your recovery codes'
    }
  >
    <input
      class="code"
      autocomplete="one-time-code"
      required
      autofocus
      value={text}
      onInput={({ currentTarget }) => setText(currentTarget.value)}
    />
  </Field>
);

interface PasskeyProps {
  readonly factors: readonly string[];
  /** Identifies a sign-in. A step-up has none. */
  readonly challengeId?: string | undefined;
  readonly disabled: boolean;
  onProof(proof: { passkey: Record<string, unknown> }): void;
  onError(problem: Problem): void;
}

/** A button that asks for a passkey, if it is one of the factors and the page can use it. */
export function PasskeyButton({ factors, challengeId, disabled, onProof, onError }: PasskeyProps) {
  if (!hasPasskeys || !factors.includes('PASSKEY' satisfies FactorName)) return null;
  const ask = async () => {
    const { data, error } = await passkeys.prove(challengeId);
    if (data) onProof(data);
    else onError(error);
  };
  return (
    <button type="button" disabled={disabled} onClick={() => void ask()}>
      Use a passkey
    </button>
  );
}
