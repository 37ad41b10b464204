import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { GatehouseError, Result } from '../../client/src/result.ts';
import { Failure } from './parts.tsx';
import { withStepUp } from './step-up.ts';

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  onClose(): void;
}

/** A modal dialog. The browser keeps the focus inside; Escape closes it. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

interface ConfirmProps<Data> {
  readonly title: string;
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly children?: ComponentChildren;
  /** Whether the action may run. */
  readonly isReady?: boolean;
  run(): Promise<Result<Data>>;
  onDone(data: Data): void;
  onClose(): void;
}

/** Asks for confirmation, runs an action, and shows its error. Asks for a step-up if required. */
export function Confirm<Data>(props: ConfirmProps<Data>) {
  const { title, action, isDangerous, isReady = true, children, onClose } = props;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<GatehouseError>();
  const run = async () => {
    setBusy(true);
    const { data, error } = await withStepUp(props.run);
    setBusy(false);
    setError(error);
    if (data !== undefined) props.onDone(data);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isReady && !busy) void run();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        {children}
        {error && <Failure error={error} />}
        <div class="buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            class={isDangerous ? 'danger' : 'primary'}
            disabled={busy || !isReady}
          >
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
