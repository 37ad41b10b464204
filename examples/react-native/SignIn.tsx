import type { GatehouseError } from '@gatehouse/client';
import { useSignIn } from '@gatehouse/client/react';
import { useState } from 'react';
import { Button, Text, TextInput } from 'react-native';

export function SignIn() {
  const signIn = useSignIn();
  const { step, error, isBusy, blocked, blockedFor, resendIn } = signIn;
  const [address, setAddress] = useState('');
  const [code, setCode] = useState('');
  const [factor, setFactor] = useState('');
  const problem = blocked ? `Try again in ${blockedFor} seconds.` : error && textOf(error);
  const submit = () => {
    if (step === 'code') return signIn.submitCode(code);
    if (step !== 'factor') return signIn.sendCode(address);
    // Only recovery codes contain letters.
    return signIn.submitFactor(/[a-z]/i.test(factor) ? { recoveryCode: factor } : { totp: factor });
  };
  const restart = () => {
    setCode('');
    setFactor('');
    signIn.restart();
  };
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
      ) : step === 'factor' ? (
        <TextInput
          key="factor"
          accessibilityLabel="Code of your app, or a recovery code"
          placeholder="Code of your app, or a recovery code"
          value={factor}
          onChangeText={setFactor}
          onSubmitEditing={submit}
          autoCapitalize="none"
          autoComplete="one-time-code"
          autoCorrect={false}
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
        <Button
          title={resendIn > 0 ? `Resend in ${resendIn} s` : 'Resend the code'}
          disabled={resendIn > 0}
          onPress={() => void signIn.resend()}
        />
      )}
      {step !== 'address' && <Button title="Start again" onPress={restart} />}
    </>
  );
}

/** Returns what to tell the user. `error.message` is for developers. */
function textOf(error: GatehouseError): string {
  switch (error.code) {
    case 'BAD_USER_INPUT':
      return Object.values(error.fields).flat().join(' ');
    case 'INVALID_OTP':
      return 'That code is wrong, was used, or is too old. Enter the newest one, or start again.';
    case 'NETWORK_ERROR':
      return 'The service cannot be reached. Try again.';
    default:
      return 'Something went wrong. Try again.';
  }
}
