import { useState } from 'preact/hooks';
import type { PasskeyResult } from '../../client/src/passkeys.ts';
import { client } from './client.ts';
import { Dialog } from './dialog.tsx';
import { FactorCode, PasskeyButton, proofOf } from './factor-proof.tsx';
import { useStore } from './load.ts';
import { Failure, Field } from './parts.tsx';
import { onPendingStepUp, type PendingStepUp, pendingStepUp } from './step-up.ts';

/** Asks for a proof whenever an operation waits for one. */
export function StepUp() {
  const pending = useStore(onPendingStepUp, pendingStepUp);
  return pending ? <Proof pending={pending} /> : null;
}

function Proof({ pending }: { pending: PendingStepUp }) {
  const { proofs, finish } = pending;
  const [proof, setProof] = useState(proofs[0]);
  const [challengeId, setChallengeId] = useState<string>();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<PasskeyResult<unknown>['error']>();

  const attempt = async (work: () => Promise<PasskeyResult<unknown>['error']>) => {
    setBusy(true);
    setError(undefined);
    setError(await work());
    setBusy(false);
  };
  const mail = () =>
    attempt(async () => {
      const { data, error } = await client.requestStepUp();
      if (data) setChallengeId(data.challengeId);
      return error;
    });
  const given = () => {
    if (isFactor) return proofOf(text);
    return proof === 'PASSWORD' ? { password: text } : { otp: text, challengeId };
  };
  const confirm = (input: Parameters<typeof client.stepUp>[0] = given()) =>
    attempt(async () => {
      const { data, error } = await client.stepUp(input);
      if (data) finish(true);
      return error;
    });
  const change = () => {
    setProof(proof === 'PASSWORD' ? 'CODE' : 'PASSWORD');
    setText('');
    setError(undefined);
  };
  const isFactor = proof !== 'PASSWORD' && proof !== 'CODE';
  const needsMail = proof === 'CODE' && challengeId === undefined;
  return (
    <Dialog title="Confirm that it is you" onClose={() => finish(false)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void (needsMail ? mail() : confirm());
        }}
      >
        <p class="quiet">This action needs a proof that is at most ten minutes old.</p>
        {proof === 'PASSWORD' && (
          <Field label="Password">
            <input
              type="password"
              autocomplete="current-password"
              required
              value={text}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
            />
          </Field>
        )}
        {proof === 'CODE' && !needsMail && (
          <Field label="Code" hint="Gatehouse mailed it to you.">
            <input
              inputMode="numeric"
              autocomplete="one-time-code"
              required
              value={text}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
            />
          </Field>
        )}
        {isFactor && (
          <>
            <PasskeyButton
              factors={proofs}
              disabled={busy}
              onProof={(given) => void confirm(given)}
              onError={setError}
            />
            <FactorCode factors={proofs} text={text} setText={setText} />
          </>
        )}
        {error && <Failure error={error} />}
        {proofs.length > 1 && !isFactor && (
          <button type="button" class="link" onClick={change}>
            {proof === 'PASSWORD' ? 'Use a mailed code instead' : 'Use the password instead'}
          </button>
        )}
        <div class="buttons">
          <button type="button" onClick={() => finish(false)}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={busy}>
            {needsMail ? 'Mail me a code' : 'Confirm'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
