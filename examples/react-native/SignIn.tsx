import type { GatehouseError } from '@gatehouse/client';
import { useSignIn } from '@gatehouse/client/react';
import { useState } from 'react';
import { Button, Text, TextInput } from 'react-native';

export function SignIn() {
  const signIn = useSignIn();
  const { step, error, isBusy, blocked, blockedFor, resendIn } = signIn;
  const [address, setAddress] = useState('');
  const [code, setCode] = useState('');
  const problem = blocked ? `Try again in ${blockedFor} seconds.` : error && textOf(error);
  const submit = () => void (step === 'code' ? signIn.submitCode(code) : signIn.sendCode(address));
  return (
    <>
      {step === 'code' ? (
        <TextInput
          key="code"
          accessibilityLabel="Code"
          placeholder="Code"
          value={code}
          onChangeText={setCode}
          onSubmitEditing={submit}
          autoComplete="one-time-code"
          inputMode="numeric"
        />
      ) : (
        <TextInput
          key="address"
          accessibilityLabel="E-mail address"
          placeholder="E-mail address"
          value={address}
          onChangeText={setAddress}
          onSubmitEditing={submit}
          autoCapitalize="none"
          autoComplete="email"
          inputMode="email"
        />
      )}
      {problem && <Text role="alert">{problem}</Text>}
      <Button title="Continue" disabled={isBusy || blocked !== undefined} onPress={submit} />
      {step === 'code' && (
        <>
          <Button
            title={resendIn > 0 ? `Resend in ${resendIn} s` : 'Resend the code'}
            disabled={resendIn > 0}
            onPress={() => void signIn.resend()}
          />
          <Button title="Use another address" onPress={() => signIn.restart()} />
        </>
      )}
    </>
  );
}

/** Returns what to tell the user. `error.message` is for developers. */
function textOf(error: GatehouseError): string {
  switch (error.code) {
    case 'BAD_USER_INPUT':
      return Object.values(error.fields).flat().join(' ');
    case 'INVALID_OTP':
      return 'That code is wrong or older than the newest mail.';
    case 'NETWORK_ERROR':
      return 'The service cannot be reached. Try again.';
    default:
      return 'Something went wrong. Try again.';
  }
}
